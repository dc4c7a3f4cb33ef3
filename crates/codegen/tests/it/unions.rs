//! Unions and composition that the schemas and the types would read differently.

use super::spec::{SPEC, message, refused};

#[test]
fn each_value_of_a_discriminator_needs_a_branch() {
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
        error.contains("no value of the discriminator selects `#/components/schemas/FailedTask`"),
        "{error}"
    );
    let error = message(
        "          FAILURE: '#/components/schemas/FailedTask'",
        "          FAILURE: '#/components/schemas/TaskId'",
    );
    assert!(error.contains("is not one of the branches"), "{error}");
}

#[test]
fn contradictory_composition_is_refused() {
    let error = message(
        "      required: [super_resolution, usage]",
        "      required: [super_resolution, use]",
    );
    assert!(
        error.contains("`use` is required, but is not among the properties"),
        "{error}"
    );
    let error = message(
        "        seed: {x-presence: always}",
        "        seed: {type: string}",
    );
    assert!(
        error.contains("`seed` is defined differently in another part"),
        "{error}"
    );
    let error = message(
        "    UpstreamCommon:\n      type: object\n",
        "    UpstreamCommon:\n      type: object\n      allOf:\n        - $ref: '#/components/schemas/UpstreamOutput'\n",
    );
    assert!(error.contains("is composed of itself"), "{error}");
}

#[test]
fn types_and_schemas_have_to_select_the_same_branches() {
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
        error.contains("every branch must have the same `x`"),
        "{error}"
    );
    let error = message("      x-shape: normal\n", "      x-shape: failure\n");
    assert!(error.contains("already has this shape"), "{error}");
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
        error.contains("a schema becomes a Rust type: name it LikeThis"),
        "{error}"
    );
    let error = refused(&SPEC.replace("UpstreamContent", "TaskData"));
    assert!(
        error.contains("the name `TaskData` is used in the generated code"),
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
