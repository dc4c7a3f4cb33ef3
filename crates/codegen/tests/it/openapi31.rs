//! A document of OpenAPI 3.1 comes to the same as one of 3.0.

use seedance_codegen::render;

use super::spec::{SPEC, files};

#[test]
fn the_document_in_the_words_of_31_generates_the_same() {
    let mut edited = SPEC.to_owned();
    for (old, new) in [
        ("openapi: 3.0.3", "openapi: 3.1.0"),
        (
            "type: object\n      nullable: true\n",
            "type: [object, 'null']\n",
        ),
        (
            "type: object\n          nullable: true\n",
            "type: [object, 'null']\n",
        ),
        (
            "type: string\n          nullable: true\n",
            "type: ['null', string]\n",
        ),
        ("enum: [SUCCESS]", "const: SUCCESS"),
        ("enum: [FAILURE]", "const: FAILURE"),
        // Annotations beside a reference.
        (
            "          x-source: observed\n          allOf:\n            - $ref: '#/components/schemas/TaskProperties'",
            "          x-source: observed\n          $ref: '#/components/schemas/TaskProperties'",
        ),
        (
            "      description: A word, or in some gateways a number.\n",
            "      description: A word, or in some gateways a number.\n      examples: [a, 1]\n",
        ),
    ] {
        assert!(edited.contains(old), "{old:?}");
        edited = edited.replace(old, new);
    }
    let output = render(&edited, "spec.yaml", "OUT_DIR").unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(output.warnings, [""; 0]);
    for (new, old) in output.files.iter().zip(files(SPEC)) {
        assert_eq!(new.name, old.name);
        assert_eq!(new.text, old.text, "{}", old.name);
    }
}

#[test]
fn a_document_that_says_too_little_for_the_library_is_refused_with_what_it_lacks() {
    let published = "openapi: 3.1.0\ninfo: {title: Task query, version: 1.0.0}\npaths:\n  /v1/video/generations/{id}:\n    get:\n      operationId: getTaskStatus\n      parameters:\n        - {name: id, in: path, required: true, schema: {type: string}, example: asyntask_x}\n      responses:\n        '200':\n          description: ok\n          content:\n            application/json:\n              schema: {$ref: '#/components/schemas/TaskQueryResponse'}\n        '401': {description: unauthorized}\ncomponents:\n  schemas:\n    TaskQueryResponse:\n      type: object\n      properties:\n        data:\n          type: object\n          properties:\n            task_id: {type: string}\n";
    let error = match render(published, "vendor.yaml", "OUT_DIR") {
        Ok(_) => panic!("the document was accepted"),
        Err(error) => error.to_string(),
    };
    assert!(
        error.starts_with("vendor.yaml:5:5: the task query needs an `x-poll-interval-seconds`"),
        "{error}"
    );
}
