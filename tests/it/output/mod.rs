//! What a check is written as: each format, over all bodies, against its own schema.

mod json;

use seedance_query::{
    Source,
    capture::Capture,
    check::{Output, Session, Summary},
};

use crate::files::{files, root};

/// The bodies that everything is found in, and those that little is found in.
const DIRECTORIES: [&str; 2] = ["tests/drift", "tests/captures"];

/// Checks every file of the directories, and gives what an output makes of it.
fn check_all(output: &mut dyn Output) -> Summary {
    let mut session = Session::new();
    for path in DIRECTORIES.iter().flat_map(|directory| files(directory)) {
        let name = path.strip_prefix(root()).unwrap().to_str().unwrap();
        let bytes = std::fs::read(&path).unwrap();
        let checked = if Capture::is_like(&bytes) {
            let capture = Capture::parse(&bytes).unwrap();
            let start = capture.body_range.clone().map_or(0, |range| range.start);
            let line = bytes[..start].split(|byte| *byte == b'\n').count();
            let mut source = Source::whole(name);
            source.line = line as u64;
            session.check(source, Some(capture.status.as_u16()), None, &capture.body)
        } else {
            session.check(Source::whole(name), None, None, &bytes)
        };
        if output.wants_all() || !checked.report.findings().is_empty() {
            output.response(&checked).unwrap();
        }
    }
    let summary = session.summary();
    output.end(&summary).unwrap();
    summary
}
