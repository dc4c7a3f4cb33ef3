//! The videos: one that plays, made as long as wanted, with other bytes for every task.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use sha2::{Digest, Sha256};

/// Two seconds of H.264 at 160×90, with its index in front. It was made by
///
/// ```text
/// ffmpeg -f lavfi -i "gradients=size=160x90:rate=24:seed=7:speed=0.05:c0=#ffb000:c1=#204060:nb_colors=2" \
///     -t 2 -c:v libx264 -profile:v baseline -pix_fmt yuv420p -crf 32 -preset veryslow \
///     -map_metadata -1 -bitexact -fflags +bitexact -movflags +faststart video.mp4
/// ```
static MP4: &[u8] = include_bytes!("video.mp4");

/// The head of the box that follows: its length in eight bytes, because it can be a long one.
const BOX_HEAD: u64 = 16;

/// The shortest file: the video and the head of an empty box.
const SHORTEST: u64 = MP4.len() as u64 + BOX_HEAD;

/// Which video of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Video {
    /// The one that the task is about.
    Result,
    /// What the upstream made before it was enhanced; of a super-resolution task only.
    Original,
}

/// A file in the storage: the video, and a box of filler that players pass over.
///
/// The filler follows from the name and is made as it is read, so the length costs nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct File {
    length: u64,
    seed: u64,
    tag: Arc<str>,
}

impl File {
    /// The file with this name in this version.
    pub(super) fn new(name: &str, version: u32, length: u64) -> Self {
        let hash = Sha256::digest(format!("{name}\n{version}\n{length}"));
        let mut seed = [0; 8];
        seed.copy_from_slice(&hash[..8]);
        Self {
            length: length.max(SHORTEST),
            seed: u64::from_be_bytes(seed),
            // As for a file that was uploaded in parts: without that, it would be taken for an MD5.
            tag: format!("\"{}-1\"", hex(&hash[8..24])).into(),
        }
    }

    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// The strong entity tag, with its quotes.
    pub(super) fn tag(&self) -> &str {
        &self.tag
    }

    /// Bytes from this offset on: as many as asked for, or as there are.
    pub(super) fn read(&self, at: u64, length: u64) -> Bytes {
        let end = at.saturating_add(length).min(self.length);
        let mut bytes = BytesMut::new();
        let mut at = at.min(end);
        let head = self.box_head();
        for (part, start) in [(MP4, 0), (head.as_slice(), MP4.len() as u64)] {
            let part_end = start + part.len() as u64;
            if at < part_end && at < end {
                let place = |at: u64| usize::try_from(at - start).unwrap_or(part.len());
                bytes.extend_from_slice(&part[place(at)..place(end.min(part_end))]);
                at = end.min(part_end);
            }
        }
        while at < end {
            let offset = at - SHORTEST;
            let word = scramble(self.seed.wrapping_add(offset / 8)).to_be_bytes();
            let skip = offset % 8;
            let take = (8 - skip).min(end - at);
            // Both are at most 8.
            #[allow(clippy::cast_possible_truncation)]
            bytes.extend_from_slice(&word[skip as usize..(skip + take) as usize]);
            at += take;
        }
        bytes.freeze()
    }

    /// The SHA-256 of the whole file in hexadecimal digits.
    pub(super) fn sha256(&self) -> String {
        const STEP: u64 = 1 << 20;
        let mut hash = Sha256::new();
        let mut at = 0;
        while at < self.length {
            hash.update(self.read(at, STEP));
            at += STEP;
        }
        hex(&hash.finalize())
    }

    fn box_head(&self) -> [u8; 16] {
        let mut head = [0; 16];
        // 1 stands for a length that follows the name.
        head[3] = 1;
        head[4..8].copy_from_slice(b"free");
        head[8..].copy_from_slice(&(self.length - MP4.len() as u64).to_be_bytes());
        head
    }
}

/// A number that looks random and follows from another one: the finaliser of SplitMix64.
pub(super) fn scramble(number: u64) -> u64 {
    let mut z = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Bytes in hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{File, MP4, SHORTEST};

    #[test]
    fn reads_alike_in_one_go_and_in_pieces() {
        let file = File::new("a", 0, SHORTEST + 1003);
        let whole = file.read(0, u64::MAX);
        assert_eq!(whole.len() as u64, file.length());
        assert_eq!(&whole[..MP4.len()], MP4);
        for step in [1, 7, 8, 1000, SHORTEST] {
            let mut pieces = Vec::new();
            let mut at = 0;
            while at < file.length() {
                pieces.extend_from_slice(&file.read(at, step));
                at += step;
            }
            assert_eq!(pieces, whole, "in steps of {step}");
        }
        assert!(file.read(file.length(), 1).is_empty());
        assert!(file.read(u64::MAX, 1).is_empty());
    }

    #[test]
    fn the_boxes_fill_the_file() {
        let file = File::new("a", 0, SHORTEST + 5);
        let bytes = file.read(0, u64::MAX);
        let mut at = 0;
        let mut names = Vec::new();
        while at < bytes.len() {
            let length = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
            let length = match length {
                1 => u64::from_be_bytes(bytes[at + 8..at + 16].try_into().unwrap()),
                length => u64::from(length),
            };
            names.push(String::from_utf8_lossy(&bytes[at + 4..at + 8]).into_owned());
            at += usize::try_from(length).unwrap();
        }
        assert_eq!(at, bytes.len());
        assert_eq!(names.last().map(String::as_str), Some("free"));
        assert!(names.contains(&"moov".to_owned()) && names.contains(&"mdat".to_owned()));
    }

    #[test]
    fn every_name_and_version_has_bytes_of_its_own() {
        let of = |name, version| File::new(name, version, SHORTEST + 64).sha256();
        assert_eq!(of("a", 0), of("a", 0));
        assert_ne!(of("a", 0), of("b", 0));
        assert_ne!(of("a", 0), of("a", 1));
        // The shortest has no filler, and so no bytes of its own.
        assert_eq!(File::new("a", 0, 0).length(), SHORTEST);
    }
}
