//! Laws about the reader of recorded traffic.

use std::io::{self, Read, Write};

use flate2::{Compression, write::GzEncoder};
use seedance_query::model::Place;
use seedance_traffic::exchanges_in;

/// What was read, and where: a response, or why there is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    pub place: Place,
    pub line: u64,
    pub status: Option<u16>,
    pub read: Result<String, String>,
}

/// All laws about inputs.
pub fn laws(file: &[u8]) {
    places_are_in_order(file, read);
    parts_make_no_difference(file, read);
    compression_makes_no_difference(file, read);
}

/// All that the library reads from an input.
pub fn read(input: &mut (dyn Read + Send)) -> Vec<Found> {
    let mut all = Vec::new();
    exchanges_in("input", input, |found| {
        let (source, status, read) = match found {
            Ok(found) => {
                let body = String::from_utf8_lossy(found.body).into_owned();
                (found.source, found.status, Ok(body))
            }
            Err(unreadable) => (unreadable.source, None, Err(unreadable.message)),
        };
        all.push(Found {
            place: source.place,
            line: source.line,
            status,
            read,
        });
    });
    all
}

/// What stands further behind is read later, and lies within the input.
pub fn places_are_in_order(file: &[u8], read: impl Fn(&mut (dyn Read + Send)) -> Vec<Found>) {
    let found = read(&mut &file[..]);
    for pair in found.windows(2) {
        assert!(pair[0].place <= pair[1].place, "{pair:?}");
    }
    for one in &found {
        assert!(one.line > 0, "{one:?}");
        assert_ne!(one.read, Err(String::new()), "{one:?}");
    }
}

/// It does not matter how many bytes come at a time.
pub fn parts_make_no_difference(file: &[u8], read: impl Fn(&mut (dyn Read + Send)) -> Vec<Found>) {
    let at_once = read(&mut &file[..]);
    assert_eq!(read(&mut Dripping(file)), at_once, "{}", shown(file));
}

/// An input can be compressed.
pub fn compression_makes_no_difference(
    file: &[u8],
    read: impl Fn(&mut (dyn Read + Send)) -> Vec<Found>,
) {
    // Compressed twice it is no recording.
    let is_compressed = file.starts_with(b"\x1f\x8b") || file.starts_with(b"\x28\xb5\x2f\xfd");
    if !is_compressed {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(file).unwrap();
        let compressed = encoder.finish().unwrap();
        let plain = read(&mut &file[..]);
        assert_eq!(read(&mut &compressed[..]), plain, "{}", shown(file));
    }
}

/// Bytes that come three at a time.
struct Dripping<'a>(&'a [u8]);

impl Read for Dripping<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = buffer.len().min(3);
        self.0.read(&mut buffer[..length])
    }
}

fn shown(file: &[u8]) -> String {
    file.escape_ascii().to_string()
}
