//! Broken documents stop the build with one message that names the place; the real one is pinned.

use super::{File, RUST_FILES, render};

const SPEC: &str = include_str!("../../../openapi/seedance-task-query.yaml");
const NAME: &str = "openapi/test.yaml";

fn files(source: &str) -> Vec<File> {
    render(source, NAME, "OUT_DIR").unwrap_or_else(|error| panic!("{error}"))
}

fn text(files: &[File], name: &str) -> String {
    let file = files.iter().find(|file| file.name == name);
    file.unwrap_or_else(|| panic!("{name}")).text.clone()
}

/// The message for the document after an edit, which has to change it.
fn message(old: &str, new: &str) -> String {
    assert_eq!(
        SPEC.matches(old).count(),
        1,
        "{old:?} has to stand in the spec once"
    );
    refused(&SPEC.replacen(old, new, 1))
}

fn refused(source: &str) -> String {
    match render(source, NAME, "OUT_DIR") {
        Ok(_) => panic!("the document was accepted"),
        Err(error) => error.to_string(),
    }
}

/// The line of the spec that a text stands in, counted from 1.
fn line(of: &str) -> usize {
    1 + SPEC[..SPEC.find(of).unwrap()].matches('\n').count()
}

#[test]
fn what_is_generated_is_as_pinned() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/../../snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let files = files(SPEC);
    let rust: String = RUST_FILES
        .iter()
        .map(|name| format!("// {name}\n{}", text(&files, name)))
        .collect();
    settings.bind(|| insta::assert_snapshot!("generated-client", rust));
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "contract-response.json",
            "contract-errorbody.json",
            "documentation-response.json",
            "documentation-errorbody.json",
            "model.rs",
            "client.rs",
            "validate.rs",
        ]
    );
}

#[test]
fn lowered_schemas_are_self_contained_and_valid() {
    for file in files(SPEC)
        .iter()
        .filter(|file| !RUST_FILES.contains(&file.name.as_str()))
    {
        let schema: serde_json::Value = serde_json::from_str(&file.text).unwrap();
        jsonschema::meta::validate(&schema).unwrap();
        assert_eq!(
            schema["$schema"],
            "https://json-schema.org/draft/2020-12/schema"
        );
        let references = file.text.matches("\"$ref\"").count();
        assert_eq!(
            file.text.matches("\"$ref\": \"#/$defs/").count(),
            references,
            "{}",
            file.name
        );
        for left_over in [
            "nullable",
            "discriminator",
            "allOf",
            "x-presence",
            "x-extensible-enum",
        ] {
            assert!(
                !file.text.contains(&format!("\"{left_over}\"")),
                "{}: {left_over}",
                file.name
            );
        }
    }
}

#[test]
fn an_edit_of_the_spec_reaches_everything() {
    let edited = SPEC.replacen(
        "        output_format:\n",
        "        bitrate:\n          type: integer\n          format: int64\n\
         \x20       output_format:\n",
        1,
    );
    let files = files(&edited);
    let rust: String = RUST_FILES.iter().map(|name| text(&files, name)).collect();
    assert!(rust.contains("pub bitrate: ::std::option::Option<i64>"));
    assert!(
        rust.contains("#[serde(rename = \"bitrate\", default, deserialize_with = \"integer\")]")
    );
    assert!(text(&files, "contract-response.json").contains("\"bitrate\""));
    // A promise reaches the examples too, and they have to keep it.
    let error = refused(&edited.replacen(
        "        bitrate:\n",
        "        bitrate:\n          x-presence: always\n",
        1,
    ));
    assert!(
        error.contains("\"bitrate\" is a required property"),
        "{error}"
    );
}

#[test]
fn not_yaml() {
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
fn not_openapi_3_0() {
    assert_eq!(
        message("openapi: 3.0.3", "openapi: 3.1.0"),
        format!(
            "openapi/test.yaml:{}:1: OpenAPI 3.1.0 is not supported; the document has to be \
             OpenAPI 3.0 (at #/openapi)",
            line("openapi: 3.0.3")
        )
    );
    assert!(refused("swagger: '2.0'\n").contains("it has no `openapi: 3.0.x` at its top"));
}

#[test]
fn a_dangling_reference() {
    let error = message(
        "          description: The upstream's answer so far, if it has given one.\n          allOf:\n            - $ref: '#/components/schemas/UpstreamOutput'",
        "          description: The upstream's answer so far, if it has given one.\n          allOf:\n            - $ref: '#/components/schemas/Upstream'",
    );
    let expected = "`#/components/schemas/Upstream` points at nothing (at #/components/schemas/\
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
        error.contains("only references into it are followed"),
        "{error}"
    );
}

#[test]
fn an_example_that_does_not_validate() {
    let error = message("            seed: 20177\n", "            seed: twenty\n");
    assert!(
        error.contains("the example does not fit its schema: \"twenty\""),
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
    let error = message(
        "          example: asyntask_Qm",
        "          example: task_Qm",
    );
    assert!(error.ends_with("/get/parameters/0/example)"), "{error}");
    let error = message(
        "  examples:\n    Pending:",
        "  examples:\n    Unused:\n      value: 1\n    Pending:",
    );
    assert!(
        error.contains("no response refers to this example"),
        "{error}"
    );
}

#[test]
fn a_discriminator_value_without_a_schema() {
    let error = message(
        "          FAILURE: '#/components/schemas/FailedTask'",
        "          FAILURE: '#/components/schemas/Failed'",
    );
    assert!(
        error.contains("the value `FAILURE` has no schema"),
        "{error}"
    );
    assert!(
        error.ends_with("(at #/components/schemas/Task/discriminator/mapping/FAILURE)"),
        "{error}"
    );
    let error = message("          FAILURE: '#/components/schemas/FailedTask'\n", "");
    assert!(
        error.contains("no value selects `#/components/schemas/FailedTask`"),
        "{error}"
    );
    let error = message(
        "          FAILURE: '#/components/schemas/FailedTask'",
        "          FAILURE: '#/components/schemas/TaskId'",
    );
    assert!(error.contains("is not one of the branches"), "{error}");
}

#[test]
fn a_keyword_that_would_not_be_checked() {
    for (keyword, value) in [
        ("maxLength", "3"),
        ("pattern", "a"),
        ("multipleOf", "2"),
        ("uniqueItems", "true"),
        ("not", "{type: string}"),
        ("x-presense", "always"),
        ("title", "Seed"),
        ("default", "1"),
    ] {
        let error = message(
            "          description: The random seed that was used.\n",
            &format!(
                "          description: The random seed that was used.\n          {keyword}: {value}\n"
            ),
        );
        assert!(
            error.contains(&format!("the keyword `{keyword}` is not supported here")),
            "{error}"
        );
        assert!(error.contains("/properties/seed/"), "{error}");
    }
    let description = "          description: The random seed that was used.\n";
    for (line, part) in [
        (
            "x-presence: sometimes",
            "\"sometimes\" is not a value of `x-presence`",
        ),
        ("nullable: 1", "1 is not a value of `nullable`"),
        ("enum: []", "[] is not a value of `enum`"),
        (
            "x-documented-pattern: '\\d+'",
            "is not a value of `x-documented-pattern`",
        ),
        ("additionalProperties: false", "only `true`"),
    ] {
        let error = message(description, &format!("{description}          {line}\n"));
        assert!(error.contains(part), "{error}");
    }
    let error = message(
        "          description: Whether this is a cheap preview.\n          x-source: observed",
        "          x-source: guessed",
    );
    assert!(
        error.contains("\"guessed\" is not a value of `x-source`"),
        "{error}"
    );
    let error = message(
        "      type: string\n      minLength: 1",
        "      type: text\n      minLength: 1",
    );
    assert!(
        error.contains("\"text\" is none of array, boolean"),
        "{error}"
    );
    let error = message(
        "          type: integer\n          format: int64\n          description: The random",
        "          type: integer\n          format: int32\n          description: The random",
    );
    assert!(
        error.contains("format \"int32\" would not be checked"),
        "{error}"
    );
}

#[test]
fn composition_that_says_two_things() {
    let error = message(
        "            - $ref: '#/components/schemas/SuperResolutionOutput'",
        "            - $ref: '#/components/schemas/SuperResolutionOutput'\n            - $ref: '#/components/schemas/UpstreamUsage'",
    );
    assert!(error.contains("holds one reference"), "{error}");
    let error = message(
        "      required: [super_resolution, usage]",
        "      required: [super_resolution, use]",
    );
    assert!(
        error.contains("`use` is required but is not one of the properties"),
        "{error}"
    );
    let error = message(
        "        seed: {x-presence: always}",
        "        seed: {type: string}",
    );
    assert!(
        error.contains("`seed` is something else in another part"),
        "{error}"
    );
    let error = message(
        "    UpstreamCommon:\n      type: object\n",
        "    UpstreamCommon:\n      type: object\n      allOf:\n        - $ref: '#/components/schemas/UpstreamOutput'\n",
    );
    assert!(error.contains("is composed of itself"), "{error}");
}

#[test]
fn what_progenitor_cannot_do_is_no_panic() {
    let error = message(
        "        - name: task_id\n          in: path\n          required: true\n",
        "        - name: task_id\n          in: path\n          required: false\n",
    );
    assert!(error.contains("the client cannot be generated"), "{error}");
    let error = message(
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
        error.contains("needs an `x-valid-for-seconds`, the same"),
        "{error}"
    );
}

#[test]
fn what_the_types_would_not_share_with_the_schemas() {
    // Values and branches.
    let error = message(
        "          enum: [FAILURE]\n",
        "          enum: [FAILURE, CANCELLED]\n",
    );
    assert!(
        error.contains("`FailedTask.status` lists [CANCELLED, FAILURE], but [FAILURE] select it"),
        "{error}"
    );
    let error = message(
        "          QUEUED: '#/components/schemas/PendingTask'\n",
        "          QUEUED: '#/components/schemas/PendingTask'\n          SUBMITTED: '#/components/schemas/PendingTask'\n",
    );
    assert!(error.contains("`PendingTask.status` lists"), "{error}");
    let error = message(
        "          - /data/super_resolution\n",
        "          - /data/super_resolution\n          - /result_url\n",
    );
    assert!(
        error.contains("`NormalTask` has `/result_url` too"),
        "{error}"
    );
    let error = message(
        "      required: [status]\n      properties:\n        status:\n          type: string\n          description: Finished",
        "      required: [status, x]\n      properties:\n        x:\n          type: string\n        status:\n          type: string\n          description: Finished",
    );
    assert!(
        error.contains("every branch has to have the same `x`"),
        "{error}"
    );
    let error = message("      x-shape: normal\n", "      x-shape: failure\n");
    assert!(error.contains("is of this shape already"), "{error}");
    // Names.
    let seed = "        seed:\n          type: integer\n          format: int64\n          description: The random";
    let error = message(
        seed,
        &format!(
            "        a-b:\n          type: string\n        a_b:\n          type: string\n{seed}"
        ),
    );
    assert!(
        error.contains("`a_b` has the same name in Rust as another member"),
        "{error}"
    );
    let error = refused(&SPEC.replace("UpstreamError", "Upstream-Error"));
    assert!(
        error.contains("a schema becomes a type: call it LikeThis"),
        "{error}"
    );
    let error = refused(&SPEC.replace("UpstreamContent", "TaskData"));
    assert!(
        error.contains("the name `TaskData` is used in the generated code"),
        "{error}"
    );
    let error = message(
        "      operationId: query_task\n",
        "      operationId: get_task\n",
    );
    assert!(
        error.contains("the library calls the operation `query_task`"),
        "{error}"
    );
    let error = message(
        "          description: Whether this is a cheap preview.",
        "          description: Whether this is a cheap preview.\n        parent:\n          $ref: '#/components/schemas/UpstreamOutput'\n        x:\n          type: boolean",
    );
    assert!(
        error.contains("a schema that contains itself is not supported"),
        "{error}"
    );
}

#[test]
fn keywords_that_do_not_go_together() {
    let description = "          description: The random seed that was used.\n";
    for (line, part) in [
        ("minLength: 1", "`minLength` says nothing of type `integer`"),
        (
            "x-documented-pattern: 'a'",
            "says nothing of type `integer`",
        ),
        ("required: [a]", "says nothing of type `integer`"),
        ("oneOf: [{type: string}]", "make this a component schema"),
    ] {
        let error = message(description, &format!("{description}          {line}\n"));
        assert!(error.contains(part), "{error}");
    }
    let seed = "          format: int64\n          description: The random seed";
    let error = message(seed, "          description: The random seed");
    assert!(
        error.contains("an integer needs `format: int64`"),
        "{error}"
    );
    let extensible = "          x-extensible-enum: [default, flex]\n";
    for (more, part) in [
        (
            "enum: [default]",
            "`enum` and `x-extensible-enum` do not go together",
        ),
        (
            "x-documented-pattern: '(?=a)b'",
            "is not a value of `x-documented-pattern`",
        ),
    ] {
        let error = message(extensible, &format!("{extensible}          {more}\n"));
        assert!(error.contains(part), "{error}");
    }
}

#[test]
fn what_stands_where_nothing_would_see_it() {
    let error = message(
        "              examples:\n                codeError:",
        "              example: {bogus: 1}\n              examples:\n                codeError:",
    );
    assert!(
        error.contains("only `examples`, which have names, are checked"),
        "{error}"
    );
    let error = message(
        "          schema:\n            $ref: '#/components/schemas/TaskId'\n",
        "          schema:\n            type: string\n            maxLength: 3\n",
    );
    assert!(
        error.contains("the schema of a parameter has to be a `$ref`"),
        "{error}"
    );
}
