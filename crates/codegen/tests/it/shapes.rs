//! A shape more is an edit of the document alone.

use super::spec::{SPEC, files, refused, text};

/// The document with a fifth shape: a task that was cancelled, and is refunded.
fn with_a_fifth_shape() -> String {
    let mut document = SPEC.to_owned();
    for (old, new) in [
        (
            "        - $ref: '#/components/schemas/FailedTask'\n",
            "        - $ref: '#/components/schemas/FailedTask'\n        - $ref: '#/components/schemas/CancelledTask'\n",
        ),
        (
            "          FAILURE: '#/components/schemas/FailedTask'\n",
            "          FAILURE: '#/components/schemas/FailedTask'\n          CANCELLED: '#/components/schemas/CancelledTask'\n",
        ),
        ("expired, cancelled, canceled, ", "expired, canceled, "),
        (
            "    UpstreamCommon:\n",
            "    CancelledTask:\n      type: object\n      description: A task that was cancelled.\n      x-shape: cancelled\n      x-outcome: failed\n      allOf:\n        - $ref: '#/components/schemas/TaskCommon'\n      properties:\n        status:\n          type: string\n          description: Cancelled.\n          enum: [CANCELLED]\n        cancelled_by:\n          type: string\n          description: Who cancelled it.\n\n    UpstreamCommon:\n",
        ),
    ] {
        assert!(document.contains(old), "{old}");
        document = document.replacen(old, new, 1);
    }
    document
}

#[test]
fn a_fifth_shape_is_in_all_tables() {
    let files = files(&with_a_fifth_shape());
    let shapes = text(&files, "shapes.rs");
    for part in [
        "/// A task that was cancelled.",
        "Cancelled,",
        "pub const TASKS: [Self; 5]",
        "Self::Cancelled => \"cancelled\"",
        "matches!(self, Self::Failure | Self::Cancelled)",
    ] {
        assert!(shapes.contains(part), "{part}\n{shapes}");
    }
    let members = text(&files, "members.rs");
    assert!(
        members.contains("Self::CancelledTask(_) => Shape::Cancelled"),
        "{members}"
    );
    // A member that only this shape has, and one that it does not have.
    assert!(members.contains("Task::CancelledTask(task) => task.cancelled_by.as_ref()"));
    assert!(members.contains("Task::CancelledTask(_) => None"));
    let tables = text(&files, "tables.rs");
    assert!(tables.contains("value: \"CANCELLED\""), "{tables}");
    assert!(tables.contains("shape: Shape::Cancelled"), "{tables}");
    let documented = text(&files, "documented.rs");
    assert!(
        documented.contains("return Some(Shape::Cancelled)"),
        "{documented}"
    );
}

#[test]
fn a_shape_has_to_say_what_it_means() {
    let document = with_a_fifth_shape();
    let error =
        refused(&document.replacen("      x-outcome: failed\n      allOf", "      allOf", 2));
    assert!(
        error.contains("needs an `x-outcome`: pending, succeeded, failed"),
        "{error}"
    );
    let error = refused(&document.replacen("x-outcome: failed", "x-outcome: lost", 1));
    assert!(
        error.contains("expected one of pending, succeeded, failed, found \"lost\""),
        "{error}"
    );
    for name in ["Cancelled", "error", "a-b", "unmatched"] {
        let error =
            refused(&document.replacen("x-shape: cancelled", &format!("x-shape: {name}"), 1));
        assert!(error.contains("is not a value of `x-shape`"), "{error}");
    }
}
