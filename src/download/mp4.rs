//! The top-level mp4 of an MP4 file, which tell whether it is whole.

use std::io::{self, Read, Seek, SeekFrom};

/// So many bytes have to be there to tell a video by its beginning.
pub(super) const BEGINNING: usize = 8;

/// Whether a file that begins like this is a video: its first box is `ftyp`.
pub(super) fn is_video(beginning: &[u8]) -> bool {
    beginning.get(4..BEGINNING) == Some(b"ftyp")
}

/// A box that reaches beyond the end of the file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct CutOff {
    /// Where the box begins.
    pub at: u64,
    /// Where it would end.
    pub end: u64,
}

/// Walks the mp4 of a file with `length` bytes, and returns the one that is cut off, if any.
///
/// Only headers are read. What is no box ends the walk: some muxers leave padding behind the last
/// one, and a video that was paid for is not refused for that.
pub(super) fn cut_off(file: &mut (impl Read + Seek), length: u64) -> io::Result<Option<CutOff>> {
    /// Size and type.
    const HEADER: u64 = 8;
    /// The same with a size of 64 bits.
    const LONG_HEADER: u64 = 16;
    let mut at = 0;
    while length - at >= HEADER {
        file.seek(SeekFrom::Start(at))?;
        let mut header = [0; 8];
        file.read_exact(&mut header)?;
        let [a, b, c, d, ..] = header;
        let size = match u64::from(u32::from_be_bytes([a, b, c, d])) {
            // Up to the end of the file.
            0 => return Ok(None),
            1 if length - at < LONG_HEADER => LONG_HEADER,
            1 => {
                let mut size = [0; 8];
                file.read_exact(&mut size)?;
                match u64::from_be_bytes(size) {
                    size if size < LONG_HEADER => return Ok(None),
                    size => size,
                }
            }
            size if size < HEADER => return Ok(None),
            size => size,
        };
        let end = at.saturating_add(size);
        if end > length {
            return Ok(Some(CutOff { at, end }));
        }
        at = end;
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::{CutOff, cut_off, is_video};

    const FTYP: &[u8] = b"\0\0\0\x0cftypisom";

    fn walk(rest: &[u8]) -> Option<CutOff> {
        let file = [FTYP, rest].concat();
        let length = file.len() as u64;
        cut_off(&mut Cursor::new(file), length).unwrap()
    }

    #[test]
    fn a_video_begins_with_ftyp() {
        assert!(is_video(FTYP));
        for other in [&b"<!DOCTYPE html>"[..], b"ftyp", b"", b"\0\0\0\x0cfty"] {
            assert!(!is_video(other));
        }
    }

    #[test]
    fn whole_files() {
        for rest in [
            &b""[..],
            b"\0\0\0\x09mdatx",
            // Up to the end of the file.
            b"\0\0\0\0mdatxxxxxxx",
            // A size of 64 bits.
            b"\0\0\0\x01mdat\0\0\0\0\0\0\0\x11x\0\0\0\x08free",
            // Padding, and sizes that no box has.
            b"\0\0\0\x09mdatx\n",
            b"\0\0\0\0\0\0\0\0\0\0",
            b"\0\0\0\x07free",
            b"\0\0\0\x01mdat\0\0\0\0\0\0\0\x0f",
        ] {
            assert_eq!(walk(rest), None, "{rest:?}");
        }
    }

    #[test]
    fn files_that_are_cut_off() {
        for (rest, at, end) in [
            (&b"\0\0\0\x0amdatx"[..], 12, 22),
            (b"\0\0\0\x08free\xff\xff\xff\xffmdat", 20, 20 + 0xffff_ffff),
            (b"\0\0\0\x01mdat\0\0\0\0\0\0\0\x12x", 12, 30),
            (b"\0\0\0\x01mdat\0\0\0", 12, 28),
            (
                b"\0\0\0\x01mdat\xff\xff\xff\xff\xff\xff\xff\xff",
                12,
                u64::MAX,
            ),
        ] {
            assert_eq!(walk(rest), Some(CutOff { at, end }), "{rest:?}");
        }
    }
}
