//! Every file in `tests/captures` is validated and pinned: dropping one in is all there is to do.

use std::{collections::BTreeMap, fmt::Write as _, fs};

use seedance_query::{Shape, Verdict, capture::Capture, decode, types::ErrorBody};

use seedance_testing::files::{files, read, read_all, snapshots};

#[test]
fn each_is_as_pinned() {
    snapshots().bind(|| {
        insta::glob!("../captures", "**/*", |path| {
            if path.is_dir() {
                return;
            }
            let body = read(path);
            let shape = body.report.shape().map_or("none", Shape::name);
            let mut text = format!("verdict: {}\nshape: {shape}\n", body.report.verdict());
            for finding in body.report.findings() {
                let _ = writeln!(text, "{finding}");
            }
            text.push('\n');
            if let Ok(response) = decode(&body.bytes) {
                let _ = writeln!(text, "{response:#?}");
            } else if let Ok(error) = serde_json::from_slice::<ErrorBody>(&body.bytes) {
                let _ = writeln!(text, "{error:#?}");
            }
            insta::assert_snapshot!("capture", text);
        });
    });
}

#[test]
fn each_says_where_it_comes_from() {
    let known = ["documented", "observed", "reconstructed"];
    for path in files("tests/captures") {
        let name = path.display();
        let capture = match Capture::parse(&fs::read(&path).unwrap()) {
            Ok(capture) => capture,
            Err(error) => panic!("{name} is no capture: {error}"),
        };
        assert!(
            capture
                .label
                .as_deref()
                .is_some_and(|label| known.contains(&label)),
            "{name} has to begin with `# label: `, and one of {known:?}"
        );
        assert!(
            capture.note.is_some(),
            "{name} needs a line `# note: ` that says what it follows"
        );
    }
}

#[test]
fn none_violates_the_contract() {
    for body in read_all("tests/captures") {
        assert_ne!(body.report.verdict(), Verdict::Violates, "{}", body.name);
    }
}

#[test]
fn there_are_two_of_each_shape_and_of_each_error_envelope() {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for body in read_all("tests/captures") {
        let kind = match body.report.shape() {
            Some(Shape::Error) => match serde_json::from_slice::<ErrorBody>(&body.bytes) {
                Ok(ErrorBody::CodeError(_)) => "code",
                Ok(ErrorBody::ObjectError(_)) => "object",
                Ok(ErrorBody::TextError(_)) | Err(_) => "text",
                Ok(other) => panic!("{}: {other:?}", body.name),
            },
            Some(shape) => shape.name(),
            None => panic!("{} has no shape", body.name),
        };
        *counts.entry(kind).or_default() += 1;
    }
    let kinds = [
        "pending",
        "normal",
        "super_resolution",
        "failure",
        "code",
        "object",
        "text",
    ];
    for kind in kinds {
        assert!(
            counts.get(kind).is_some_and(|count| *count >= 2),
            "{kind}: {counts:?}"
        );
    }
}
