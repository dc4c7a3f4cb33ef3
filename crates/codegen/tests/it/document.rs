//! Documents that cannot be read, and references and examples that lead nowhere.

use super::spec::{SPEC, line, message, message_of_task_query, refused};

#[test]
fn invalid_yaml_is_reported_with_its_line() {
    let error = refused("openapi: 3.0.3\npaths: {\n  a: [1, 2\n}\n");
    assert!(
        error.starts_with("openapi/test.yaml:4:1: not YAML: "),
        "{error}"
    );
    assert_eq!(refused(""), "openapi/test.yaml: the file is empty (at #)");
    let error = message(
        "      operationId: query_task\n",
        "      operationId: a\n      operationId: b\n",
    );
    assert!(error.contains("duplicated key"), "{error}");
}

#[test]
fn other_versions_of_openapi_are_refused() {
    assert_eq!(
        message("openapi: 3.0.3", "openapi: 3.2.0"),
        format!(
            "openapi/test.yaml:{}:1: OpenAPI 3.2.0 is not supported; the document must be \
             OpenAPI 3.0 (at #/openapi)",
            line("openapi: 3.0.3")
        )
    );
    assert!(refused("swagger: '2.0'\n").contains("it has no top-level `openapi: 3.0.x`"));
}

#[test]
fn a_dangling_reference_is_reported_with_its_place() {
    let error = message(
        "          description: The upstream's answer so far, if it has given one.\n          allOf:\n            - $ref: '#/components/schemas/UpstreamOutput'",
        "          description: The upstream's answer so far, if it has given one.\n          allOf:\n            - $ref: '#/components/schemas/Upstream'",
    );
    let expected = "`#/components/schemas/Upstream` does not exist (at #/components/schemas/\
                    PendingTask/properties/data/allOf/0/$ref)";
    assert!(error.ends_with(expected), "{error}");
    let line = 3 + line("if it has given one.\n          allOf:") - 1;
    assert!(
        error.starts_with(&format!("openapi/test.yaml:{line}:")),
        "{error}"
    );

    let error = message(
        "$ref: '#/components/examples/TextError'",
        "$ref: 'other.yaml#/TextError'",
    );
    assert!(
        error.contains("only references within the document are supported"),
        "{error}"
    );
}

#[test]
fn an_example_that_does_not_validate_is_refused() {
    let error = message("            seed: 20177\n", "            seed: twenty\n");
    assert!(
        error.contains("the example does not match its schema: \"twenty\""),
        "{error}"
    );
    assert!(
        error.ends_with("(at #/components/examples/Normal/value/data/data/seed)"),
        "{error}"
    );
    assert!(
        error.starts_with(&format!("openapi/test.yaml:{}:", line("seed: 20177"))),
        "{error}"
    );
    // An example has to be as documented, not only within the contract.
    let error = message("          progress: 50%\n", "          progress: half\n");
    assert!(
        error.ends_with("(at #/components/examples/Pending/value/data/progress)"),
        "{error}"
    );
    let error = message_of_task_query(
        "          example: asyntask_Qm",
        "          example: task_Qm",
    );
    assert!(error.ends_with("/get/parameters/0/example)"), "{error}");
    let error = message(
        "  examples:\n    Pending:",
        "  examples:\n    Unused:\n      value: 1\n    Pending:",
    );
    assert!(
        error.contains("no operation references this example"),
        "{error}"
    );
}

#[test]
fn what_progenitor_does_not_support_is_an_error_and_no_panic() {
    let error = message_of_task_query(
        "        - name: task_id\n          in: path\n          required: true\n",
        "        - name: task_id\n          in: path\n          required: false\n",
    );
    assert!(error.contains("the client cannot be generated"), "{error}");
    let error = message_of_task_query(
        "      tags: [Video]\n      summary",
        "      tags: Video\n      summary",
    );
    assert!(
        error.contains("not OpenAPI 3.0: ") && error.ends_with("/get/tags)"),
        "{error}"
    );
    let error = message("      x-poll-interval-seconds: 15\n", "");
    assert!(
        error.contains("needs an `x-poll-interval-seconds`"),
        "{error}"
    );
    let error =
        refused(&SPEC.replacen("x-valid-for-seconds: 86400", "x-valid-for-seconds: 3600", 1));
    assert!(
        error.contains("needs an `x-valid-for-seconds`, with the same value"),
        "{error}"
    );
}

#[test]
fn schemas_and_examples_outside_of_components_are_refused() {
    let error = message(
        "              examples:\n                codeError:",
        "              example: {bogus: 1}\n              examples:\n                codeError:",
    );
    assert!(
        error.contains("only named `examples` are checked"),
        "{error}"
    );
    let error = message_of_task_query(
        "          schema:\n            $ref: '#/components/schemas/TaskId'\n",
        "          schema:\n            type: object\n",
    );
    assert!(
        error.contains("the schema of a parameter is a `$ref`, a scalar or a list"),
        "{error}"
    );
}
