//! A shape more is an edit of the document alone: the library compiles with it, and knows it.

use std::{fs, io, path::Path, process::Command};

use seedance_testing::files::root;

/// What is edited in the document, and nothing else.
const EDITS: [(&str, &str); 4] = [
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
        "    CancelledTask:\n      type: object\n      description: A task that was cancelled.\n      x-shape: cancelled\n      x-outcome: failed\n      allOf:\n        - $ref: '#/components/schemas/TaskCommon'\n      properties:\n        status:\n          type: string\n          description: Cancelled.\n          enum: [CANCELLED]\n        fail_reason:\n          $ref: '#/components/schemas/SensitiveText'\n\n    UpstreamCommon:\n",
    ),
];

/// What a user of that library sees; the only test of the copy.
const PROBE: &str = r##"
use seedance_query::{Shape, TaskState, Verdict, decode, validate};

#[test]
fn it_is_known() {
    let body = br#"{"code":"success","message":"","data":{
        "task_id":"asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F","action":"generate","status":"CANCELLED",
        "submit_time":1780000000,"start_time":1780000004,"finish_time":1780000170,"progress":"100%",
        "fail_reason":"Cancelled by the user.",
        "request_id":"20260528202640118000000aBcDeFgH"}}"#;
    let report = validate(body);
    assert_eq!(report.verdict(), Verdict::Conforms, "{report:?}");
    assert_eq!(report.shape(), Some(Shape::Cancelled));
    let task = decode(body).unwrap().data;
    assert!(task.is_terminal() && task.result_url().is_none());
    assert_eq!((task.shape(), task.status().as_str()), (Shape::Cancelled, "CANCELLED"));
    assert_eq!(TaskState::of_status("cancelled"), TaskState::Failed);
    assert!(!Shape::Cancelled.has_video() && Shape::Cancelled.is_refunded());
}
"##;

#[test]
fn the_library_compiles_with_a_fifth_shape_and_knows_it() {
    let directory = tempfile::tempdir().unwrap();
    let copy = directory.path();
    copy_directory(root(), copy).unwrap();
    let document = copy.join("openapi/seedance-task-query.yaml");
    let mut text = fs::read_to_string(&document).unwrap();
    for (old, new) in EDITS {
        assert!(text.contains(old), "{old}");
        text = text.replacen(old, new, 1);
    }
    fs::write(&document, text).unwrap();
    fs::write(copy.join("crates/external-tests/tests/it/main.rs"), PROBE).unwrap();
    let output = Command::new(env!("CARGO"))
        .args([
            "test",
            "--offline",
            "-p",
            "seedance-external-tests",
            "--test",
            "it",
        ])
        .current_dir(copy)
        // The same package and the same target directory: no dependency is compiled again.
        .env("CARGO_TARGET_DIR", target())
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{errors}\n{told}");
    assert!(told.contains("test it_is_known ... ok"), "{told}");
}

/// The target directory of this build.
fn target() -> &'static Path {
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR"));
    scratch.parent().unwrap_or(scratch)
}

/// Copies what is of the project itself.
fn copy_directory(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        let is_built = ["target", ".git", "fuzz"]
            .iter()
            .any(|name| entry.file_name() == *name);
        if is_built {
            continue;
        }
        if entry.file_type()?.is_dir() {
            copy_directory(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
