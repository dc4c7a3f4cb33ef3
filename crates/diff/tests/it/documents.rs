//! Documents that the generator does not read: OpenAPI 3.1, the vendor's own, schemas in place.

use std::fs;

use seedance_diff::{Audience, ChangeKind, Semver, Spec, compare};
use seedance_query::OPENAPI;
use seedance_testing::files::root;

use super::{between, edited, spec};

fn vendor() -> String {
    fs::read_to_string(root().join("crates/diff/tests/documents/vendor31.yaml")).unwrap()
}

/// The document as OpenAPI 3.1 would write it.
fn as_31() -> String {
    let text = edited(&[("openapi: 3.0.3", "openapi: 3.1.0")])
        .replace("type: object\n      nullable: true", "type: [object, 'null']")
        .replace("type: string\n          nullable: true", "type: [string, 'null']")
        .replace("type: object\n          nullable: true", "type: [object, 'null']")
        .replace("type: array\n          nullable: true", "type: [array, 'null']")
        .replace("enum: [SUCCESS]", "const: SUCCESS")
        .replace("enum: [FAILURE]", "const: FAILURE")
        .replace(
            "      oneOf:\n        - type: string\n        - type: integer\n          format: int64\n          x-source: observed\n",
            "      oneOf:\n        - type: string\n          examples: [a, b]\n        - type: integer\n          format: int64\n          x-source: observed\n",
        )
        .replace(
            "          description: Empty while the task has not failed.\n          allOf:\n            - $ref: '#/components/schemas/SensitiveText'\n",
            "          description: Empty while the task has not failed.\n          $ref: '#/components/schemas/SensitiveText'\n",
        );
    assert!(!text.contains("nullable") && text.matches("'null'").count() >= 8);
    text
}

#[test]
fn the_document_as_openapi_31_is_no_change() {
    let diff = between(OPENAPI, &as_31());
    assert!(diff.is_empty(), "{diff:?}");
    assert_eq!(diff.semver(), Semver::None);
}

/// Bodies are checked against it as well.
#[test]
fn the_document_as_openapi_31_judges_bodies_alike() {
    let (old, new) = (spec("old.yaml", OPENAPI), spec("new.yaml", &as_31()));
    assert_eq!(new.unchecked(), None);
    for body in [
        &br#"{"code":"success","data":{"task_id":"t","status":"QUEUED"}}"#[..],
        br#"{"code":"success","data":{"task_id":7,"status":"SUCCESS"}}"#,
        br#"{"error":{"code":null}}"#,
    ] {
        let places = |spec: &Spec| -> Vec<String> {
            let findings = spec.findings(Some(200), body);
            findings.iter().map(ToString::to_string).collect()
        };
        assert_eq!(places(&old), places(&new));
    }
}

/// The kinds of the changes at a place.
fn kinds_at(diff: &seedance_diff::Diff, pointer: &str) -> Vec<&'static str> {
    let changes = diff
        .changes()
        .iter()
        .filter(|change| change.pointer == pointer);
    let mut kinds: Vec<&str> = changes.map(|change| change.kind.id()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

#[test]
fn the_vendors_document_is_compared_with_ours() {
    let diff = between(&vendor(), OPENAPI);
    assert_eq!(
        kinds_at(&diff, ""),
        [
            "body-added",
            "http-status-added",
            "min-length-raised",
            "operation-added",
            "operation-id-changed",
            "parameter-renamed",
            "pattern-changed",
            "poll-interval-changed",
            "server-added",
            "server-removed",
        ]
    );
    assert_eq!(
        kinds_at(&diff, "/data"),
        ["discriminator-added", "required-added"]
    );
    // The values of the plain member are those that the shapes are told apart by.
    assert_eq!(kinds_at(&diff, "/data/status"), ["required-added"]);
    assert_eq!(kinds_at(&diff, "/data/result_url"), ["field-added"]);
    let added = diff
        .changes()
        .iter()
        .find(|change| change.pointer == "/data/original_result_url");
    assert_eq!(added.unwrap().concerns(), "super_resolution");
    assert!(
        diff.changes()
            .iter()
            .all(|change| !change.breaks().contains(&Audience::Readers))
    );

    let back = between(OPENAPI, &vendor());
    assert_eq!(
        kinds_at(&back, "/data"),
        ["discriminator-removed", "required-removed"]
    );
    assert_eq!(kinds_at(&back, "/data/result_url"), ["field-removed"]);
    assert!(kinds_at(&back, "").contains(&"body-removed"));
    assert_eq!(back.semver(), Semver::Major);
}

#[test]
fn what_cannot_be_checked_of_bodies_is_said() {
    let ambiguous = edited(&[(
        "        - type: integer\n          format: int64\n          x-source: observed\n",
        "        - type: string\n          x-source: observed\n",
    )]);
    let reason = spec("new.yaml", &ambiguous).unchecked().unwrap();
    assert!(reason.starts_with("new.yaml:"), "{reason}");
    assert!(reason.contains("two branches have type"), "{reason}");
    for text in [OPENAPI, &vendor()] {
        assert_eq!(spec("other.yaml", text).unchecked(), None);
    }
}

#[test]
fn a_renamed_parameter_breaks_nobody() {
    let new = OPENAPI
        .replace("generations/{task_id}:", "generations/{id}:")
        .replace("- name: task_id\n", "- name: id\n");
    let diff = between(OPENAPI, &new);
    let [change] = diff.changes() else {
        panic!("{diff:?}");
    };
    assert_eq!(change.kind, ChangeKind::ParameterRenamed);
    assert_eq!((diff.is_breaking(), diff.semver()), (false, Semver::Patch));
}

#[test]
fn unknown_extensions_are_ignored_with_a_note() {
    let new = edited(&[
        ("info:\n", "x-vendor: {type: [1, 2]}\ninfo:\n"),
        (
            "        output_format:\n",
            "        output_format:\n          x-order: 3\n",
        ),
        (
            "        frames:\n",
            "        frames:\n          x-order: 4\n",
        ),
    ]);
    let diff = between(OPENAPI, &new);
    assert!(diff.is_empty(), "{diff:?}");
    let notes: Vec<String> = diff
        .notes()
        .iter()
        .map(|note| format!("{} {}", note.location.as_ref().unwrap().file, note.message))
        .collect();
    assert_eq!(
        notes,
        [
            "new.yaml `x-order` is ignored: an extension that is not known, and once more",
            "new.yaml `x-vendor` is ignored: an extension that is not known",
        ]
    );
}

#[test]
fn an_example_that_does_not_fit_is_noted() {
    let new = spec(
        "new.yaml",
        &OPENAPI.replacen("seed: 20177", "seed: twenty", 1),
    );
    let diff = compare(&spec("old.yaml", OPENAPI), &new);
    assert!(diff.is_empty(), "{diff:?}");
    assert_eq!(new.unchecked(), None);
    let note = new.faulty_example().unwrap();
    assert!(
        note.message
            .starts_with("the example does not match its schema"),
        "{note:?}"
    );
}

#[test]
fn a_version_that_says_too_little_is_noted() {
    let removed = |version: &str| {
        edited(&[
            ("  version: 1.0.0", &format!("  version: {version}")),
            (
                "        param:\n          type: string\n          nullable: true\n          description: The request parameter at fault.\n",
                "",
            ),
        ])
    };
    for (version, note) in [
        (
            "1.0.0",
            Some("`info.version` is still 1.0.0; the changes are major"),
        ),
        (
            "1.1.0",
            Some("`info.version` went from 1.0.0 to 1.1.0; the changes are major"),
        ),
        ("2.0.0", None),
    ] {
        let diff = between(OPENAPI, &removed(version));
        let messages: Vec<&str> = diff
            .notes()
            .iter()
            .map(|note| note.message.as_str())
            .collect();
        assert_eq!(messages, note.into_iter().collect::<Vec<_>>());
    }
}

/// A schema in place says the same as one among the components, however deep it holds itself.
#[test]
fn schemas_in_place_and_those_that_hold_themselves_are_compared() {
    let document = |name: &str, value: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{title: a, version: 1.0.0}}\npaths:\n  /a:\n    get:\n      responses:\n        '200':\n          description: b\n          content:\n            application/json:\n              schema: {{type: object, properties: {{tree: {{$ref: '#/components/schemas/Tree'}}}}}}\ncomponents:\n  schemas:\n    Tree:\n      type: object\n      properties:\n        {name}: {value}\n        more: {{type: array, items: {{$ref: '#/components/schemas/Tree'}}}}\n"
        )
    };
    let (old, new) = (
        document("leaf", "{type: string}"),
        document("leaf", "{type: integer}"),
    );
    let diff = compare(&spec("a.yaml", &old), &spec("b.yaml", &new));
    let [change] = diff.changes() else {
        panic!("{diff:?}");
    };
    assert_eq!(
        (change.kind, change.pointer.as_str()),
        (ChangeKind::TypeChanged, "/tree/leaf")
    );
}

#[test]
fn what_is_no_document_is_refused_with_its_place() {
    for (text, message) in [
        (
            "openapi: 2.0.0\n",
            "b.yaml:1:1: OpenAPI 2.0.0 is not supported",
        ),
        (
            "openapi: 3.1.0\npaths: {}\n",
            "b.yaml:2:1: the document has no operation",
        ),
        ("a: [1\nb: }", "b.yaml:2:2: not YAML"),
    ] {
        let error = Spec::parse("b.yaml", text).unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
    }
}
