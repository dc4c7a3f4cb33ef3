//! What comes of each keyword of a schema: it is enforced on a body, ignored with a warning, or
//! refused with a message that names the line.

use seedance_codegen::render;
use serde_json::{Value, json};

/// A small document; `VALUE` is where an edit goes.
const DOCUMENT: &str = "openapi: 3.0.3
info: {title: t, version: 1.0.0}
paths:
  /tasks/{task_id}:
    get:
      operationId: query_task
      x-poll-interval-seconds: 15
      parameters:
        - {name: task_id, in: path, required: true, schema: {type: string}}
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Answer'}
        default:
          description: error
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Failure'}
components:
  schemas:
    Answer:
      type: object
      required: [data]
      properties:
        data: {$ref: '#/components/schemas/Task'}
    Task:
      oneOf:
        - $ref: '#/components/schemas/Waiting'
        - $ref: '#/components/schemas/Lost'
      discriminator:
        propertyName: status
        mapping:
          WAIT: '#/components/schemas/Waiting'
          LOST: '#/components/schemas/Lost'
    Waiting:
      type: object
      x-shape: pending
      x-outcome: pending
      required: [status]
      properties:
        status: {type: string, enum: [WAIT]}
        url: {type: string, x-valid-for-seconds: 60}
        value: VALUE
    Lost:
      type: object
      x-shape: failure
      x-outcome: failed
      required: [status]
      properties:
        status: {type: string, enum: [LOST]}
    Point:
      type: object
      required: [x]
      properties:
        x: {type: integer, format: int64}
    Size:
      type: object
      properties:
        w: {type: integer, format: int64}
    Failure:
      type: object
      properties:
        code: {type: string}
";

/// A schema of the member, values that it accepts and rejects, and a part of the warning.
type Accepted = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
    &'static str,
);

/// Keywords that are enforced, and those that are ignored with a warning.
const ACCEPTED: &[Accepted] = &[
    // Strings.
    (
        "{type: string, pattern: '^a+$'}",
        &["\"aa\"", "null"],
        &["\"b\"", "1"],
        "",
    ),
    (
        "{type: string, pattern: '^\\d$'}",
        &["\"1\""],
        &["\"a\""],
        "",
    ),
    ("{type: string, minLength: 2}", &["\"ab\""], &["\"a\""], ""),
    (
        "{type: string, maxLength: 2}",
        &["\"ab\""],
        &["\"abc\""],
        "",
    ),
    ("{type: string, enum: [a, b]}", &["\"a\""], &["\"c\""], ""),
    (
        "{type: string, enum: [a], nullable: true}",
        &["\"a\"", "null"],
        &["\"c\""],
        "",
    ),
    (
        "{type: string, format: date-time}",
        &["\"2026-11-26T05:00:00.5Z\""],
        &["\"2026-11-26\"", "\"now\""],
        "",
    ),
    (
        "{type: string, format: date}",
        &["\"2026-11-26\""],
        &["\"26.11.2026\""],
        "",
    ),
    (
        "{type: string, format: uri}",
        &["\"https://a.example/v\""],
        &["\"/v\"", "\"a b:c\""],
        "",
    ),
    (
        "{type: string, format: uuid}",
        &["\"0f8fad5b-d9cb-469f-a165-70867728950e\""],
        &["\"0f8fad5b\""],
        "",
    ),
    (
        "{type: string, format: uri, pattern: '^https:'}",
        &["\"https://a.example\""],
        &["\"http://a.example\"", "\"https:\""],
        "",
    ),
    (
        "{type: string, format: email}",
        &["\"x\""],
        &["1"],
        "format `email` is ignored: nothing checks it",
    ),
    // Numbers.
    (
        "{type: integer, format: int64, minimum: 1}",
        &["1"],
        &["0"],
        "",
    ),
    (
        "{type: integer, format: int64, maximum: 9}",
        &["9"],
        &["10"],
        "",
    ),
    (
        "{type: integer, minimum: 1, exclusiveMinimum: true}",
        &["2"],
        &["1"],
        "",
    ),
    (
        "{type: integer, maximum: 9, exclusiveMaximum: true}",
        &["8"],
        &["9"],
        "",
    ),
    ("{type: integer, multipleOf: 5}", &["10"], &["11"], ""),
    ("{type: integer, enum: [1, 2]}", &["2"], &["3", "\"1\""], ""),
    (
        "{type: integer, format: int32}",
        &["2147483647"],
        &["2147483648"],
        "",
    ),
    (
        "{type: integer, format: int32, minimum: 0}",
        &["0"],
        &["-1", "2147483648"],
        "",
    ),
    (
        "{type: integer}",
        &["9223372036854775807"],
        &["9223372036854775808", "1.5"],
        "",
    ),
    ("{type: number, minimum: 0.5}", &["0.5"], &["0.4"], ""),
    (
        "{type: number, format: double}",
        &["0.5"],
        &["\"0.5\""],
        "format `double` is ignored",
    ),
    // Lists.
    (
        "{type: array, items: {type: string}, minItems: 1}",
        &["[\"a\"]"],
        &["[]", "[1]"],
        "",
    ),
    (
        "{type: array, items: {type: integer}, maxItems: 1}",
        &["[1]"],
        &["[1, 2]"],
        "",
    ),
    (
        "{type: array, items: {type: string}, uniqueItems: true}",
        &["[\"a\"]"],
        &["[\"a\", \"a\"]"],
        "",
    ),
    (
        "{type: array, items: {type: object, required: [a], properties: {a: {type: string}}}}",
        &["[{\"a\": \"b\"}]"],
        &["[{}]"],
        "",
    ),
    // Objects.
    (
        "{type: object, additionalProperties: true}",
        &["{\"a\": 1}"],
        &["[]"],
        "",
    ),
    (
        "{type: object, additionalProperties: false, properties: {a: {type: string}}}",
        &["{\"a\": \"b\"}"],
        &["{\"b\": 1}"],
        "",
    ),
    (
        "{type: object, additionalProperties: {type: integer}}",
        &["{\"a\": 1}"],
        &["{\"a\": \"b\"}"],
        "",
    ),
    (
        "{type: object, additionalProperties: {$ref: '#/components/schemas/Point'}}",
        &["{\"a\": {\"x\": 1}}"],
        &["{\"a\": {}}"],
        "",
    ),
    (
        "{type: object, minProperties: 1, additionalProperties: true}",
        &["{\"a\": 1}"],
        &["{}"],
        "",
    ),
    (
        "{type: object, maxProperties: 1, additionalProperties: true}",
        &["{\"a\": 1}"],
        &["{\"a\": 1, \"b\": 2}"],
        "",
    ),
    (
        "{type: object, required: [a], properties: {a: {type: object, properties: {b: {type: string}}}}}",
        &["{\"a\": {\"b\": \"c\"}}"],
        &["{}", "{\"a\": {\"b\": 1}}"],
        "",
    ),
    // Unions and composition.
    (
        "{oneOf: [{type: string}, {type: integer}]}",
        &["\"a\"", "1"],
        &["true"],
        "",
    ),
    (
        "{oneOf: [{$ref: '#/components/schemas/Point'}, {type: string}]}",
        &["{\"x\": 1}", "\"a\""],
        &["{}", "1"],
        "",
    ),
    (
        "{anyOf: [{type: object, required: [a], properties: {a: {type: string}}}, {type: string}]}",
        &["{\"a\": \"b\"}", "\"a\""],
        &["{}"],
        "",
    ),
    (
        "{allOf: [{$ref: '#/components/schemas/Point'}, {$ref: '#/components/schemas/Size'}]}",
        &["{\"x\": 1, \"w\": 2}"],
        &["{\"w\": 2}", "{\"x\": 1, \"w\": \"a\"}"],
        "",
    ),
    (
        "{allOf: [{$ref: '#/components/schemas/Point'}], properties: {z: {type: integer}}}",
        &["{\"x\": 1}"],
        &["{\"x\": 1, \"z\": \"a\"}"],
        "",
    ),
    (
        "{allOf: [{$ref: '#/components/schemas/Point'}, {type: object, required: [z], properties: {z: {type: integer}}}]}",
        &["{\"x\": 1, \"z\": 2}"],
        &["{\"x\": 1}"],
        "",
    ),
    (
        "{nullable: true, allOf: [{$ref: '#/components/schemas/Point'}]}",
        &["null", "{\"x\": 1}"],
        &["{}"],
        "",
    ),
    (
        "{nullable: true, type: object, properties: {a: {type: string}}}",
        &["null", "{}"],
        &["1"],
        "",
    ),
    // What says nothing of a body.
    (
        "{type: string, title: Value}",
        &["\"a\""],
        &["1"],
        "`title` is ignored",
    ),
    (
        "{type: string, default: a}",
        &["\"b\""],
        &["1"],
        "`default` is ignored: a member that is missing stays missing",
    ),
    (
        "{type: string, example: a}",
        &["\"b\""],
        &["1"],
        "`example` is ignored",
    ),
    (
        "{type: string, deprecated: true}",
        &["\"b\""],
        &["1"],
        "`deprecated` is ignored",
    ),
    (
        "{type: string, readOnly: true}",
        &["\"b\""],
        &["1"],
        "`readOnly` is ignored",
    ),
    (
        "{type: string, writeOnly: true}",
        &["\"b\""],
        &["1"],
        "`writeOnly` is ignored",
    ),
    (
        "{type: string, externalDocs: {url: 'https://a.example'}}",
        &["\"b\""],
        &["1"],
        "`externalDocs` is ignored",
    ),
    (
        "{type: string, x-go-name: Value}",
        &["\"b\""],
        &["1"],
        "`x-go-name` is ignored: an extension that is not known",
    ),
    (
        "{type: string, x-presense: always}",
        &["\"b\""],
        &["1"],
        "did you mean `x-presence`?",
    ),
];

/// A schema of the member, and the message that refuses it.
const REFUSED: &[(&str, &str)] = &[
    (
        "{type: string, not: {type: string}}",
        "the keyword `not` is not supported here",
    ),
    (
        "{type: object, patternProperties: {a: {type: string}}}",
        "the keyword `patternProperties` is not supported",
    ),
    (
        "{type: string, if: {type: string}}",
        "the keyword `if` is not supported here",
    ),
    (
        "{type: integer, minLength: 1}",
        "`minLength` does not apply to type `integer`",
    ),
    (
        "{type: integer, pattern: a}",
        "`pattern` does not apply to type `integer`",
    ),
    (
        "{type: string, minimum: 1}",
        "`minimum` does not apply to type `string`",
    ),
    (
        "{type: string, required: [a]}",
        "`required` does not apply to type `string`",
    ),
    (
        "{type: string, items: {type: string}}",
        "`items` does not apply to type `string`",
    ),
    (
        "{type: integer, oneOf: [{type: string}]}",
        "`oneOf` does not apply to type `integer`",
    ),
    (
        "{type: string, pattern: '(?=a)b'}",
        "is not a value of `pattern`",
    ),
    (
        "{type: string, x-documented-pattern: '\\d'}",
        "is not a value of `x-documented-pattern`",
    ),
    (
        "{type: string, maxLength: -1}",
        "-1 is not a value of `maxLength`",
    ),
    ("{type: string, enum: []}", "[] is not a value of `enum`"),
    (
        "{type: integer, enum: [a]}",
        "\"a\" is not a value of type `integer`",
    ),
    (
        "{type: string, nullable: 1}",
        "1 is not a value of `nullable`",
    ),
    (
        "{type: string, enum: [a], x-extensible-enum: [a]}",
        "cannot be combined",
    ),
    (
        "{type: integer, exclusiveMinimum: true}",
        "`exclusiveMinimum` needs a `minimum`",
    ),
    ("{type: text}", "expected one of array, boolean"),
    (
        "{type: string, x-presence: sometimes}",
        "\"sometimes\" is not a value of `x-presence`",
    ),
    (
        "{type: string, x-source: guessed}",
        "\"guessed\" is not a value of `x-source`",
    ),
    (
        "{oneOf: [{type: string}, {type: string}]}",
        "two branches have type \"string\"",
    ),
    (
        "{allOf: [{$ref: '#/components/schemas/Point'}, {$ref: '#/components/schemas/None'}]}",
        "does not exist",
    ),
    (
        "{type: object, required: [b], properties: {a: {type: string}}}",
        "`b` is required, but is not among the properties",
    ),
];

fn with(value: &str) -> String {
    DOCUMENT.replacen("VALUE", value, 1)
}

/// The line of the edit.
fn line() -> usize {
    let before = DOCUMENT.split("VALUE").next().unwrap();
    1 + before.matches('\n').count()
}

#[test]
fn keywords_are_enforced_or_ignored_with_a_warning() {
    for (schema, accepts, rejects, warning) in ACCEPTED {
        let output = render(&with(schema), "spec.yaml", "OUT_DIR")
            .unwrap_or_else(|error| panic!("{schema}: {error}"));
        let file = output
            .files
            .iter()
            .find(|file| file.name == "contract-response.json");
        let contract: Value = serde_json::from_str(&file.unwrap().text).unwrap();
        let validator = jsonschema::validator_for(&contract).unwrap();
        let fits = |value: &str| {
            let value: Value = serde_json::from_str(value).unwrap();
            validator.is_valid(&json!({ "data": { "status": "WAIT", "value": value } }))
        };
        for value in *accepts {
            assert!(fits(value), "{schema} should accept {value}\n{contract:#}");
        }
        for value in *rejects {
            assert!(!fits(value), "{schema} should reject {value}\n{contract:#}");
        }
        match output.warnings.as_slice() {
            [] => assert_eq!(*warning, "", "{schema}"),
            [one] => {
                let place = format!("spec.yaml:{}:", line());
                assert!(
                    !warning.is_empty() && one.contains(warning),
                    "{schema}: {one}"
                );
                assert!(one.starts_with(&place), "{schema}: {one}");
            }
            more => panic!("{schema}: {more:?}"),
        }
    }
}

#[test]
fn what_would_not_be_checked_is_refused_with_its_line() {
    for (schema, message) in REFUSED {
        let error = match render(&with(schema), "spec.yaml", "OUT_DIR") {
            Ok(_) => panic!("{schema} was accepted"),
            Err(error) => error.to_string(),
        };
        assert!(error.contains(message), "{schema}: {error}");
        assert!(
            error.starts_with(&format!("spec.yaml:{}:", line())),
            "{schema}: {error}"
        );
    }
}

#[test]
fn headers_of_responses_are_ignored_with_a_warning() {
    let edited = with("{type: string}").replacen(
        "          description: ok\n",
        "          description: ok\n          headers:\n            X-Request-Id: {schema: {type: string}}\n",
        1,
    );
    let output = render(&edited, "spec.yaml", "OUT_DIR").unwrap_or_else(|error| panic!("{error}"));
    let expected = "spec.yaml:13:11: `headers` is ignored: headers of responses are not checked \
                    (at #/paths/~1tasks~1{task_id}/get/responses/200/headers)";
    assert_eq!(output.warnings, [expected]);
}

#[test]
fn limits_of_a_parameter_are_ignored_with_a_warning() {
    let edited = with("{type: string}").replacen(
        "schema: {type: string}}\n",
        "schema: {type: string, pattern: '^a', maxLength: 9, description: An id.}}\n",
        1,
    );
    let output = render(&edited, "spec.yaml", "OUT_DIR").unwrap_or_else(|error| panic!("{error}"));
    let of = |keyword: &str, column: u8| {
        format!(
            "spec.yaml:9:{column}: `{keyword}` is ignored: the values of parameters are not checked \
             (at #/paths/~1tasks~1{{task_id}}/get/parameters/0/schema/{keyword})"
        )
    };
    assert_eq!(output.warnings, [of("maxLength", 91), of("pattern", 76)]);
}
