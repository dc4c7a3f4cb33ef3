//! Summaries that are written, merged and printed by themselves.

use std::fs;

use tempfile::TempDir;

use crate::cli;

const CAPTURES: &str = "tests/captures";
const TIMELINES: &str = "tests/timelines";

/// Writes the parts of two directories; gives their paths.
fn parts(directory: &TempDir) -> [String; 2] {
    [(CAPTURES, "captures.json"), (TIMELINES, "timelines.json")].map(|(recordings, name)| {
        let part = directory.path().join(name);
        let part = part.to_str().unwrap().to_owned();
        let (_, out, err) = cli::run(&["validate", "-q", recordings, "--summary-out", &part]);
        assert_eq!((out.as_str(), err.as_str()), ("", ""));
        part
    })
}

#[test]
fn merged_parts_print_what_validate_prints_of_the_whole() {
    let directory = TempDir::new().unwrap();
    let [one, other] = parts(&directory);
    let merged = directory.path().join("merged.json");
    let merged = merged.to_str().unwrap();
    let (code, out, err) = cli::run(&["summary", "merge", &other, &one, &one, "-o", merged]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    let whole = directory.path().join("whole.json");
    let whole = whole.to_str().unwrap();
    let (_, out, _) = cli::run(&[
        "validate",
        CAPTURES,
        TIMELINES,
        "--summary",
        "--timeline",
        "--summary-out",
        whole,
    ]);
    assert_eq!(fs::read(merged).unwrap(), fs::read(whole).unwrap());
    let (_, printed, _) = cli::run(&["summary", "merge", &one, &other]);
    assert_eq!(printed.as_bytes(), fs::read(whole).unwrap());

    let show = |more: &[&str]| cli::run(&[&["summary", "show", merged], more].concat());
    let (code, text, err) = show(&["--timeline"]);
    assert_eq!(code, 1, "{err}");
    // How many findings it did not show again is not of the summary.
    let is_own = |line: &&str| !line.ends_with("repeated and not shown");
    let out: Vec<&str> = out.lines().filter(is_own).collect();
    let out = out.join("\n") + "\n";
    assert!(out.ends_with(&text), "{text}\nis not the end of\n{out}");
    assert!(
        text.contains(" responses: ") && text.contains("status-went-back"),
        "{text}"
    );
    assert_eq!(show(&["--fail-on", "never"]).0, 0);
    let before = fs::read(merged).unwrap();
    let (code, _, err) = show(&["-o", merged]);
    assert!(code == 2 && err.contains("is an input"), "{err}");
    assert_eq!(fs::read(merged).unwrap(), before);

    // All of it is what validate prints with all of it.
    let (_, full, _) = show(&["--full"]);
    let (_, out, _) = cli::run(&["validate", CAPTURES, TIMELINES, "--summary=full"]);
    let out: Vec<&str> = out.lines().filter(is_own).collect();
    let out = out.join("\n") + "\n";
    assert!(out.ends_with(&full), "{full}\nis not the end of\n{out}");
    let (_, short, _) = show(&[]);
    assert!(full.lines().count() > short.lines().count() + 10, "{full}");

    let validate = ["validate", CAPTURES, TIMELINES, "--format"];
    let (_, out, _) = cli::run(&[&validate[..], &["json", "--summary"]].concat());
    assert_eq!(
        show(&["--format", "json"]).1.trim_end(),
        out.lines().last().unwrap()
    );
    let (_, out, _) = cli::run(&[&validate[..], &["html"]].concat());
    assert!(show(&["--format", "html"]).1 == out, "the pages differ");
}

#[test]
fn parts_that_cannot_be_used_are_refused() {
    let directory = TempDir::new().unwrap();
    let [part, _] = parts(&directory);
    let file = |name: &str, bytes: &[u8]| {
        let path = directory.path().join(name);
        fs::write(&path, bytes).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let text = fs::read_to_string(&part).unwrap();
    let document = text.replacen("\"document\":\"", "\"document\":\"0", 1);
    let with_options = directory.path().join("ignoring.json");
    let with_options = with_options.to_str().unwrap();
    let ignore = ["--ignore", "time-order", "--summary-out", with_options];
    cli::run(&[&["validate", "-q", TIMELINES][..], &ignore].concat());
    let nowhere = directory.path().join("nowhere/part.json");
    for (arguments, reason) in [
        (
            &["show", &file("cut.json", &text.as_bytes()[..900])][..],
            "cut off",
        ),
        (
            &["show", &file("body.json", b"{\"code\":\"success\"}")],
            "but not a part of a summary",
        ),
        (
            &["show", &file("video.mp4", b"\x00\x00\x00\x18ftyp\xff\xfe")],
            "this is not text",
        ),
        (
            &["merge", &file("old.json", document.as_bytes())],
            "another version of the OpenAPI",
        ),
        (&["merge", &part, with_options], "other options"),
        (
            &["merge", &part, "-o", nowhere.to_str().unwrap()],
            "cannot write",
        ),
        (&["show", "nowhere.json"], "cannot read nowhere.json"),
    ] {
        let (code, out, err) = cli::run(&[&["summary"][..], arguments].concat());
        assert_eq!((code, out.as_str()), (2, ""), "{err}");
        assert!(err.contains(reason), "{reason}: {err}");
    }
    // Before anything is read.
    let nowhere = nowhere.to_str().unwrap();
    let (code, out, err) = cli::run(&["validate", CAPTURES, "--summary-out", nowhere]);
    assert_eq!((code, out.as_str()), (2, ""), "{err}");
}
