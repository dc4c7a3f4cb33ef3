//! What changes from one document to another, in the library.

mod cases;
mod documents;
mod findings;
mod properties;
mod verdicts;

use std::collections::BTreeSet;

use seedance_diff::{Change, ChangeKind, Diff, Spec, compare};
use seedance_query::OPENAPI;
use seedance_testing::files::edited;

use self::cases::CASES;

fn spec(name: &str, source: &str) -> Spec {
    Spec::parse(name, source).unwrap_or_else(|error| panic!("{error}"))
}

fn between(old: &str, new: &str) -> Diff {
    compare(&spec("old.yaml", old), &spec("new.yaml", new))
}

/// The changes but for those of the operations beside the task query, which share some of its schemas.
fn of_task_query(diff: &Diff) -> Vec<&Change> {
    let is_other = |change: &&Change| {
        let call = change.operation.as_deref().unwrap_or_default();
        call == "POST /v1/video/generations"
            || call.starts_with("GET /v1/videos/")
            || call.starts_with("GET /v1/generation/")
            || call.ends_with("/content")
    };
    let changes = diff.changes().iter();
    changes.filter(|change| !is_other(change)).collect()
}

/// Kinds, where in a body, and what each concerns.
fn told(diff: &Diff) -> BTreeSet<(ChangeKind, String, String)> {
    let key = |change: &Change| (change.kind, change.pointer.clone(), change.concerns());
    of_task_query(diff).into_iter().map(key).collect()
}

#[test]
fn every_edit_is_told_and_nothing_else() {
    for case in CASES {
        let (old, new) = (edited(case.old), edited(case.new));
        for (diff, expected) in [
            (between(&old, &new), case.there),
            (between(&new, &old), case.back),
        ] {
            let expected: BTreeSet<_> = expected
                .iter()
                .map(|(kind, pointer, concerns)| {
                    (*kind, (*pointer).to_owned(), (*concerns).to_owned())
                })
                .collect();
            assert_eq!(told(&diff), expected, "{:?}", case.new);
            assert_eq!(of_task_query(&diff).len(), expected.len(), "{:?}", case.new);
        }
    }
}

#[test]
fn every_kind_is_tripped() {
    let tripped: BTreeSet<ChangeKind> = CASES
        .iter()
        .flat_map(|case| case.there.iter().chain(case.back))
        .map(|(kind, ..)| *kind)
        // These take documents of their own: below, and in `documents`.
        .chain([
            ChangeKind::DiscriminatorChanged,
            ChangeKind::DiscriminatorAdded,
            ChangeKind::DiscriminatorRemoved,
        ])
        .collect();
    for kind in ChangeKind::ALL {
        assert!(tripped.contains(kind), "no case trips {kind}");
    }
}

/// The document with another name for the member that tells the shape of a task.
fn with_another_discriminator() -> String {
    let mut text = OPENAPI.to_owned();
    for (old, new) in [
        ("propertyName: status", "propertyName: phase"),
        ("required: [task_id, status]", "required: [task_id, phase]"),
        ("required: [status]", "required: [phase]"),
        (
            "        status:\n          type: string\n          description: The state",
            "        phase:\n          type: string\n          description: The state",
        ),
        (
            "        status:\n          type: string\n          description: Received",
            "        phase:\n          type: string\n          description: Received",
        ),
        (
            "        status:\n          type: string\n          description: Finished",
            "        phase:\n          type: string\n          description: Finished",
        ),
        (
            "        status:\n          type: string\n          description: Failed",
            "        phase:\n          type: string\n          description: Failed",
        ),
        (
            "          status: IN_PROGRESS",
            "          phase: IN_PROGRESS",
        ),
        ("          status: SUCCESS", "          phase: SUCCESS"),
        ("          status: FAILURE", "          phase: FAILURE"),
    ] {
        assert!(text.contains(old), "{old:?}");
        text = text.replace(old, new);
    }
    text
}

#[test]
fn another_member_tells_the_shape() {
    let diff = between(OPENAPI, &with_another_discriminator());
    let expected = [
        (ChangeKind::DiscriminatorChanged, "/data"),
        (ChangeKind::RequiredFieldAdded, "/data/phase"),
        (ChangeKind::FieldRemoved, "/data/status"),
    ];
    let found: Vec<_> = diff
        .changes()
        .iter()
        .map(|change| (change.kind, change.pointer.as_str()))
        .collect();
    assert_eq!(found[0], expected[0], "{diff:?}");
    for (kind, pointer) in expected {
        assert!(found.contains(&(kind, pointer)), "{pointer}: {diff:?}");
    }
    assert!(
        found
            .iter()
            .all(|(_, pointer)| expected.iter().any(|(_, known)| known == pointer)),
        "{diff:?}"
    );
}

#[test]
fn the_same_document_has_no_changes() {
    let diff = between(OPENAPI, OPENAPI);
    assert!(diff.is_empty() && !diff.is_breaking(), "{diff:?}");
}

#[test]
fn how_it_is_written_is_no_change() {
    let output_format = "        output_format:\n          type: string\n          description: Container format of the video, such as `mp4`.\n          x-source: observed\n";
    let usage =
        "      properties:\n        usage:\n          $ref: '#/components/schemas/UpstreamUsage'\n";
    let id = "        id: {x-presence: always}\n";
    let moved = edited(&[(output_format, "")])
        .replacen(usage, &format!("{usage}{output_format}"), 1)
        .replacen(id, &format!("{id}{output_format}"), 1);
    assert_eq!(moved.matches("output_format:").count(), 2);
    for (what, new) in [
        (
            "a component has another name",
            OPENAPI
                .replace("UpstreamUsage", "Counted")
                .replace("ObjectError", "Abc"),
        ),
        ("a field moves out of a shared part", moved),
        (
            "a reference is written out",
            edited(&[(
                "          description: Empty while the task has not failed.\n          allOf:\n            - $ref: '#/components/schemas/SensitiveText'\n",
                "          description: Empty.\n          type: string\n",
            )]),
        ),
        (
            "branches and values have another order",
            edited(&[
                ("[default, flex]", "[flex, default]"),
                (
                    "        - $ref: '#/components/schemas/ObjectError'\n        - $ref: '#/components/schemas/CodeError'\n",
                    "        - $ref: '#/components/schemas/CodeError'\n        - $ref: '#/components/schemas/ObjectError'\n",
                ),
            ]),
        ),
        (
            "words and examples",
            OPENAPI
                .replace("The random seed that was used.", "A number.")
                .replace("seed: 20177", "seed: 7")
                .replace("title: Seedance 2.0 task query", "title: Another"),
        ),
        (
            "who says it, and the type that it has in Rust",
            edited(&[
                (
                    "          description: Whether this is a cheap preview.\n          x-source: observed\n",
                    "          description: Whether this is a cheap preview.\n",
                ),
                (
                    "Text that can contain a pre-signed URL.\n      x-rust-type: crate::model::SensitiveString\n",
                    "Text.\n",
                ),
            ]),
        ),
    ] {
        assert_ne!(new, OPENAPI, "{what}");
        let diff = between(OPENAPI, &new);
        assert!(diff.is_empty(), "{what}: {diff:?}");
    }
}

/// Objects that their members tell apart are compared one by one, whatever they are called.
#[test]
fn each_form_of_an_object_has_its_counterpart() {
    let document = |branches: &str, schemas: &str| {
        edited(&[
            (
                "        output_format:\n",
                "        extra:\n          $ref: '#/components/schemas/Extra'\n        output_format:\n",
            ),
            (
                "    SignedUrl:\n",
                &format!("    Extra:\n      oneOf: [{branches}]\n{schemas}    SignedUrl:\n"),
            ),
        ])
    };
    let schema = |name: &str, member: &str, more: &str| {
        format!(
            "    {name}:\n      type: object\n      required: [{member}]\n      properties:\n        {member}:\n          type: string\n{more}"
        )
    };
    let reference = |name: &str| format!("{{$ref: '#/components/schemas/{name}'}}");
    let old = document(
        &format!("{}, {}", reference("Picture"), reference("Sound")),
        &(schema("Picture", "picture", "") + &schema("Sound", "sound", "")),
    );
    let width = "        width:\n          type: boolean\n";
    let renamed = document(
        &format!("{}, {}", reference("Sound"), reference("Image")),
        &(schema("Image", "picture", width) + &schema("Sound", "sound", "")),
    );
    let alone = document(&reference("Picture"), &schema("Picture", "picture", ""));
    for (new, kind, pointer) in [
        (&renamed, ChangeKind::FieldAdded, "/data/data/extra/width"),
        (&alone, ChangeKind::VariantRemoved, "/data/data/extra"),
    ] {
        let diff = between(&old, new);
        let [change] = diff.changes() else {
            panic!("{diff:?}");
        };
        assert_eq!((change.kind, change.pointer.as_str()), (kind, pointer));
        assert_eq!(change.concerns(), "every task");
    }
}

/// A change says where to look: the keyword, or the field that has it.
#[test]
fn a_change_has_its_places() {
    let line = |text: &str, of: &str| 1 + text[..text.find(of).unwrap()].matches('\n').count();
    let new = edited(&[
        (
            "minLength: 1\n",
            "description: An id.\n      minLength: 2\n",
        ),
        ("      description: The gateway's id of a task.\n", ""),
        (
            "        param:\n          type: string\n          nullable: true\n          description: The request parameter at fault.\n",
            "",
        ),
    ]);
    let diff = between(OPENAPI, &new);
    // What the parameter of the path has to be is the first.
    let changes = of_task_query(&diff);
    let [_, raised, removed] = changes.as_slice() else {
        panic!("{diff:?}");
    };
    assert_eq!(removed.kind, ChangeKind::FieldRemoved);
    let place = removed.old.as_ref().unwrap();
    assert_eq!(place.line, line(OPENAPI, "        param:\n"));
    assert_eq!(
        place.pointer,
        "/components/schemas/ErrorObject/properties/param"
    );
    assert_eq!(removed.new, None);
    assert_eq!(raised.kind, ChangeKind::MinLengthRaised);
    let places = (raised.old.as_ref().unwrap(), raised.new.as_ref().unwrap());
    assert_eq!(places.0.line, line(OPENAPI, "minLength: 1"));
    assert_eq!(places.1.line, line(&new, "minLength: 2"));
    assert_eq!(places.1.pointer, "/components/schemas/TaskId/minLength");
    assert_eq!((places.1.file.as_str(), places.1.column), ("new.yaml", 7));
}

#[test]
fn kinds_are_sorted_by_impact_and_have_ids_of_their_own() {
    let impacts: Vec<_> = ChangeKind::ALL.iter().map(|kind| kind.impact()).collect();
    assert!(impacts.is_sorted());
    let ids: BTreeSet<_> = ChangeKind::ALL.iter().map(|kind| kind.id()).collect();
    assert_eq!(ids.len(), ChangeKind::ALL.len());
    for kind in ChangeKind::ALL {
        assert!(kind.meaning().ends_with('.'), "{kind}");
        assert!(!kind.consequence().ends_with('.'), "{kind}");
    }
}
