//! Documents with more than one operation.

use seedance_codegen::File;

use super::spec::{SPEC, files, refused, text};

/// An order and an operation without content, in front of the schemas.
const ORDER: &str = "  /v1/orders:
    post:
      operationId: order_task
      summary: Submit a task
      parameters:
        - name: X-Trace
          in: header
          schema:
            type: string
        - name: dry_run
          in: query
          schema:
            type: boolean
      requestBody:
        required: true
        content:
          application/json:
            schema:
              $ref: '#/components/schemas/OrderRequest'
      responses:
        '200':
          description: Submitted.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/OrderResponse'
        '202':
          description: Queued.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/OrderQueued'
        '402':
          description: No quota.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/QuotaError'
        default:
          description: Any other failure.
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/ErrorBody'
  /v1/tasks/{task_id}:
    delete:
      parameters:
        - name: task_id
          in: path
          required: true
          schema:
            $ref: '#/components/schemas/TaskId'
      responses:
        '204':
          description: Deleted.
        '404':
          description: No such task.
components:
";

const SCHEMAS: &str = "  schemas:
    OrderRequest:
      type: object
      required: [model, content]
      properties:
        model:
          type: string
        content:
          type: array
          items:
            $ref: '#/components/schemas/OrderItem'
        seed:
          type: integer
          format: int64
    OrderItem:
      oneOf:
        - $ref: '#/components/schemas/OrderText'
        - $ref: '#/components/schemas/OrderImage'
      discriminator:
        propertyName: type
        mapping:
          text: '#/components/schemas/OrderText'
          image_url: '#/components/schemas/OrderImage'
    OrderText:
      type: object
      required: [type, text]
      properties:
        type: {type: string, enum: [text]}
        text: {type: string}
    OrderImage:
      type: object
      required: [type]
      properties:
        type: {type: string, enum: [image_url]}
    OrderResponse:
      type: object
      required: [id]
      properties:
        id:
          type: string
        echo:
          $ref: '#/components/schemas/OrderEcho'
    OrderEcho:
      oneOf:
        - $ref: '#/components/schemas/EchoText'
        - $ref: '#/components/schemas/EchoVideo'
      discriminator:
        propertyName: kind
        mapping:
          text: '#/components/schemas/EchoText'
          video: '#/components/schemas/EchoVideo'
    EchoText:
      type: object
      required: [kind]
      properties:
        kind: {type: string, enum: [text]}
    EchoVideo:
      type: object
      required: [kind]
      properties:
        kind: {type: string, enum: [video]}
    OrderQueued:
      type: object
      properties:
        position: {type: integer, format: int64}
    QuotaError:
      type: object
      properties:
        needed: {type: integer, format: int64}
";

/// The document with the operations above.
fn with_order() -> String {
    let paths = SPEC.replacen("components:\n", ORDER, 1);
    paths.replacen("  schemas:\n", SCHEMAS, 1)
}

fn schema(files: &[File], name: &str) -> serde_json::Value {
    serde_json::from_str(&text(files, name)).unwrap()
}

#[test]
fn each_operation_has_a_method_and_readings_of_its_bodies() {
    let files = files(&with_order());
    let client = text(&files, "client.rs");
    for part in [
        "pub async fn query_task<'a>(\n        &'a self,\n        task_id: &'a crate::model::TaskId,\n    )",
        "pub async fn order_task<'a>(",
        "dry_run: Option<bool>",
        "x_trace: Option<&'a str>",
        "body: &'a types::OrderRequest",
        "pub async fn delete_v1_tasks_task_id<'a>(",
    ] {
        assert!(client.contains(part), "{part}\n{client}");
    }
    let operations = text(&files, "operations.rs");
    for part in [
        "id: \"order_task\"",
        "request: Some(Body::Other(&ORDER_REQUEST))",
        "(\"200\", Content::Json(Body::Other(&ORDER_RESPONSE)))",
        "(\"202\", Content::Json(Body::Other(&ORDER_QUEUED)))",
        "(\"402\", Content::Json(Body::Other(&QUOTA_ERROR)))",
        "(\"default\", Content::Json(Body::Error))",
        "(\"204\", Content::Nothing)",
        "(\"200\", Content::Json(Body::Response))",
    ] {
        assert!(operations.contains(part), "{part}\n{operations}");
    }
    let request = schema(&files, "contract-OrderRequest.json");
    let validator = jsonschema::validator_for(&request).unwrap();
    let item = serde_json::json!({ "type": "text", "text": "a" });
    let body = |item| serde_json::json!({ "model": "m", "content": [item] });
    assert!(validator.is_valid(&body(item)));
    assert!(!validator.is_valid(&body(serde_json::json!({ "type": "audio" }))));
    // What other operations say leaves the task query as it is.
    for name in [
        "contract-response.json",
        "documentation-response.json",
        "documented.rs",
    ] {
        let own = super::spec::files(SPEC);
        assert_eq!(text(&files, name), text(&own, name), "{name}");
    }
}

#[test]
fn what_is_sent_has_to_be_whole_and_what_is_received_can_lack_anything() {
    let files = files(&with_order());
    let types = text(&files, "types.rs");
    for part in [
        "pub model: ::std::string::String",
        "content: impl ::std::convert::Into<::std::vec::Vec<OrderItem>>,\n            model: impl ::std::convert::Into<::std::string::String>,",
        "pub id: ::std::option::Option<::std::string::String>",
        "impl super::lenient::FromValue for OrderResponse",
        // Only the status of a task is read from other words.
        "match super::lenient::required::<String>(members, \"kind\")?.as_str()",
        "match super::lenient::status(members, \"status\")?",
    ] {
        assert!(types.contains(part), "{part}\n{types}");
    }
    assert!(
        !types.contains("super::lenient::FromValue for OrderRequest"),
        "{types}"
    );
}

#[test]
fn one_operation_is_the_task_query() {
    let other_id = with_order().replacen(
        "operationId: query_task\n      x-task-query: true\n",
        "operationId: get_task\n",
        1,
    );
    let error = refused(&other_id);
    assert!(
        error.contains("operations is the task query: mark it with `x-task-query: true`"),
        "{error}"
    );
    let marked = other_id.replacen(
        "operationId: get_task\n",
        "operationId: get_task\n      x-task-query: true\n",
        1,
    );
    // The library calls it by one name.
    assert!(text(&files(&marked), "client.rs").contains("pub async fn query_task<'a>("));
    let twice = marked.replacen(
        "operationId: order_task\n",
        "operationId: order_task\n      x-task-query: true\n",
        1,
    );
    let error = refused(&twice);
    assert!(
        error.contains("there is more than one task query"),
        "{error}"
    );
    let error = refused(&marked.replacen(
        "      x-task-query: true",
        "      x-task-query: yes please",
        1,
    ));
    assert!(
        error.contains("is not a value of `x-task-query`"),
        "{error}"
    );
}

#[test]
fn a_status_of_the_task_query_can_have_an_error_of_its_own() {
    let edited = with_order().replacen(
        "        '404':\n          description: No such task, or it was deleted. Some gateways answer 400 instead.\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ErrorBody'\n              examples:\n                codeError:\n                  $ref: '#/components/examples/CodeError'\n",
        "        '402':\n          description: No quota.\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/QuotaError'\n        '404':\n          description: No task.\n",
        1,
    );
    let edited = edited.replacen("        default:\n", "        '410':\n          description: Gone.\n          content:\n            application/json:\n              schema:\n                $ref: '#/components/schemas/ErrorBody'\n              examples:\n                codeError:\n                  $ref: '#/components/examples/CodeError'\n        default:\n", 1);
    let operations = text(&files(&edited), "operations.rs");
    let query = operations.split("id: \"query_task\"").nth(1).unwrap();
    let query = query.split("Operation {").next().unwrap();
    for part in [
        "(\"402\", Content::Json(Body::Other(&QUOTA_ERROR)))",
        "(\"404\", Content::Nothing)",
        "(\"410\", Content::Json(Body::Error))",
    ] {
        assert!(query.contains(part), "{part}\n{query}");
    }
}

#[test]
fn a_document_without_content_in_its_second_operation_is_accepted() {
    let edited = SPEC.replacen(
        "components:\n",
        "  /v1/orders:\n    post:\n      operationId: s\n      responses:\n        '200':\n          description: ok\ncomponents:\n",
        1,
    );
    assert!(text(&files(&edited), "client.rs").contains("pub async fn s<'a>("));
}
