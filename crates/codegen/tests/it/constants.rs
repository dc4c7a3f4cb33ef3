//! Names and places as constants: what a document no longer has cannot be named.

use super::spec::{SPEC, files, text};

fn constants(source: &str) -> [String; 2] {
    let files = files(source);
    ["names.rs", "pointers.rs"].map(|name| text(&files, name))
}

#[test]
fn members_have_a_constant_for_their_name_and_one_for_their_place() {
    let [names, pointers] = constants(SPEC);
    assert!(names.contains("pub const TASK_ID: &str = \"task_id\";"));
    for (constant, pointer) in [
        ("MESSAGE", "/message"),
        ("ERROR_MESSAGE", "/error/message"),
        (
            "DATA_DATA_CONTENT_VIDEO_URL",
            "/data/data/content/video_url",
        ),
    ] {
        let line = format!("pub const {constant}: &str = {pointer:?};");
        assert!(pointers.contains(&line), "{line}\n{pointers}");
    }
    // An example is no schema.
    assert!(!names.contains("asyntask"), "{names}");
}

/// Code that uses the old constant does not compile: there is none.
#[test]
fn a_renamed_member_has_no_constant_of_its_old_name() {
    let renamed = SPEC.replace("submit_time:", "submitted_time:");
    let [names, pointers] = constants(&renamed);
    for (text, old, new) in [
        (
            &names,
            "const SUBMIT_TIME:",
            "const SUBMITTED_TIME: &str = \"submitted_time\";",
        ),
        (
            &pointers,
            "const DATA_SUBMIT_TIME:",
            "const DATA_SUBMITTED_TIME: &str = \"/data/submitted_time\";",
        ),
    ] {
        assert!(!text.contains(old) && text.contains(new), "{text}");
    }
}

#[test]
fn names_that_a_constant_cannot_tell_apart_have_none() {
    let twins = SPEC.replacen(
        "        output_format:\n",
        "        a-b:\n          type: string\n          description: One.\n\
         \x20       2d:\n          type: string\n          description: Two.\n\
         \x20       output_format:\n",
        1,
    );
    let [names, pointers] = constants(&twins);
    assert!(names.contains("pub const A_B: &str = \"a-b\";"), "{names}");
    assert!(names.contains("pub const _2D: &str = \"2d\";"), "{names}");
    assert!(pointers.contains("pub const DATA_DATA__2D: &str = \"/data/data/2d\";"));
    let twins = twins.replacen(
        "        last_frame_url:\n",
        "        A-B:\n          type: string\n          description: Another.\n\
         \x20       last_frame_url:\n",
        1,
    );
    let [names, pointers] = constants(&twins);
    assert!(!names.contains("const A_B:"), "{names}");
    assert!(pointers.contains("const DATA_DATA_CONTENT_A_B: &str = \"/data/data/content/A-B\";"));
}
