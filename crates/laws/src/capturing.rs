//! Laws about captures.

use seedance_query::capture::{Capture, CaptureError};

/// All laws about captures.
pub fn laws(file: &[u8]) {
    is_read_where_it_stands(file, Capture::parse);
    what_is_written_is_read(file, Capture::to_bytes);
    redacting_twice_is_once(file, |capture| capture.redacted(&[]));
}

/// The body is a part of the file, and a fault is in one of its lines.
pub fn is_read_where_it_stands(
    file: &[u8],
    parse: impl Fn(&[u8]) -> Result<Capture, CaptureError>,
) {
    match parse(file) {
        Ok(capture) => {
            let range = capture.body_range.clone().unwrap();
            assert_eq!(file.get(range), Some(&capture.body[..]), "{}", text(file));
        }
        Err(error) => {
            let message = error.to_string();
            let (line, what) = message.split_once(": ").unwrap();
            let line: usize = line.strip_prefix("line ").unwrap().parse().unwrap();
            let lines = file.split(|byte| *byte == b'\n').count();
            assert!((1..=lines).contains(&line), "{message}\n{}", text(file));
            assert!(!what.is_empty());
        }
    }
}

/// What was read and is written says the same, as far as it can be written, and then stays.
pub fn what_is_written_is_read(file: &[u8], write: impl Fn(&Capture) -> Vec<u8>) {
    let Ok(capture) = Capture::parse(file) else {
        return;
    };
    let written = write(&capture);
    assert!(Capture::is_like(&written), "{}", text(&written));
    let read = Capture::parse(&written).unwrap_or_else(|error| panic!("{error}\n{}", text(file)));
    assert_eq!(read.status, capture.status, "{}", text(file));
    assert_eq!(text(&read.body), text(&capture.body), "{}", text(file));
    assert_eq!(text(&write(&read)), text(&written), "{}", text(file));
}

/// What is redacted has nothing to hide any more, also after it was written and read.
pub fn redacting_twice_is_once(file: &[u8], redacted: impl Fn(&Capture) -> Capture) {
    let Ok(capture) = Capture::parse(file) else {
        return;
    };
    let once = redacted(&capture);
    let written = once.to_bytes();
    assert_eq!(
        text(&redacted(&once).to_bytes()),
        text(&written),
        "{}",
        text(file)
    );
    let read = Capture::parse(&written).unwrap_or_else(|error| panic!("{error}\n{}", text(file)));
    assert_eq!(
        text(&redacted(&read).to_bytes()),
        text(&written),
        "{}",
        text(file)
    );
}

fn text(bytes: &[u8]) -> String {
    bytes.escape_ascii().to_string()
}
