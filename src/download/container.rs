//! The container format of a video, by its first bytes.

use std::fmt;

/// This many bytes are enough to recognise a format; a shorter file is judged as it is.
pub(super) const SNIFFED: usize = 512;

/// The container formats that are recognised.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Container {
    Mp4,
    /// QuickTime without the `ftyp` box, as old encoders write it.
    QuickTime,
    /// WebM is a kind of it.
    Matroska,
    MpegTs,
}

impl Container {
    /// The format of a file that begins like this, if it is a known one.
    pub fn of(beginning: &[u8]) -> Option<Self> {
        const EBML: &[u8] = b"\x1a\x45\xdf\xa3";
        if beginning.starts_with(EBML) {
            return Some(Self::Matroska);
        }
        if is_transport_stream(beginning) {
            return Some(Self::MpegTs);
        }
        let (size, rest) = beginning.split_first_chunk::<4>()?;
        let kind = rest.first_chunk::<4>()?;
        let size = u32::from_be_bytes(*size);
        match kind {
            b"ftyp" | b"styp" if size >= 8 => Some(Self::Mp4),
            b"moov" | b"mdat" | b"wide" | b"free" | b"skip" | b"pnot" if size == 1 || size >= 8 => {
                Some(Self::QuickTime)
            }
            _ => None,
        }
    }

    /// Whether the file is made of boxes, which tell whether it is whole.
    pub fn has_boxes(self) -> bool {
        matches!(self, Self::Mp4 | Self::QuickTime)
    }
}

/// Whether packets of 188 bytes begin where they should, as far as the bytes reach.
fn is_transport_stream(beginning: &[u8]) -> bool {
    const PACKET: usize = 188;
    const SYNC: u8 = 0x47;
    let mut starts = beginning.iter().step_by(PACKET);
    beginning.len() > PACKET && starts.all(|byte| *byte == SYNC)
}

impl fmt::Display for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mp4 => "MP4",
            Self::QuickTime => "QuickTime",
            Self::Matroska => "WebM/Matroska",
            Self::MpegTs => "MPEG-TS",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Container;

    #[test]
    fn formats_are_told_by_their_first_bytes() {
        let mut stream = vec![0; 512];
        for start in [0, 188, 376] {
            stream[start] = 0x47;
        }
        for (beginning, expected) in [
            (&b"\0\0\0\x0cftypisom"[..], Some(Container::Mp4)),
            (b"\0\0\0\x08ftyp", Some(Container::Mp4)),
            (b"\0\0\0\x08wide\0\0\0\0mdat", Some(Container::QuickTime)),
            (b"\0\0\0\x01mdat", Some(Container::QuickTime)),
            (b"\x1a\x45\xdf\xa3\x01", Some(Container::Matroska)),
            (&stream, Some(Container::MpegTs)),
            (b"G", None),
            (b"<!DOCTYPE html>", None),
            (b"\0\0\0\x02ftyp", None),
            (b"{\"code\":1}", None),
            (b"", None),
        ] {
            assert_eq!(Container::of(beginning), expected, "{beginning:?}");
        }
    }
}
