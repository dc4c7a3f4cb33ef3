//! Parts of summaries as text.

use std::{
    fmt::{self, Write},
    io,
};

use seedance_testing::files::root;
use seedance_traffic::{Recordings, Session, output::json::Json};

/// What was written, by its length.
#[derive(Default)]
struct Pieces {
    longest: usize,
    total: usize,
}

impl Write for Pieces {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.longest = self.longest.max(text.len());
        self.total += text.len();
        Ok(())
    }
}

/// A part of many tasks has many megabytes, which are not in memory beside the tasks.
#[test]
fn a_part_is_written_piece_by_piece() {
    let captures = root().join("tests/captures");
    let recordings = Recordings::new([captures]);
    let (_, part) = recordings
        .validate_to_part(Session::new(), &mut Json::new(io::sink()))
        .unwrap();
    let mut pieces = Pieces::default();
    write!(pieces, "{part}").unwrap();
    let text = part.to_string();
    assert_eq!(pieces.total, text.len());
    assert!(
        pieces.longest < 1_000 && text.len() > 10_000,
        "{} of {}",
        pieces.longest,
        text.len()
    );
    assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
}
