//! What is found out about the bytes of a video as they pass: hashes, format, boxes.

use sha2::{Digest, Sha256};

use super::{
    checksum::{AnnouncedChecksums, ChecksumHasher, Comparison},
    container::{Container, SNIFFED},
    mp4::BoxScanner,
    mp4_verdict::{Incomplete, Proof},
};
use crate::model::hash::hex;

/// Sees every byte of a file once, in order.
pub(super) struct Inspection {
    length: u64,
    sha256: Sha256,
    checksums: Option<ChecksumHasher>,
    boxes: BoxScanner,
    beginning: Vec<u8>,
}

/// What the format of a file says about its end.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Structure {
    Whole,
    Incomplete(Incomplete),
    /// The format does not tell, or none is known.
    Untold,
}

impl Inspection {
    /// Begins with the first byte; announced checksums are computed only where there are any.
    pub fn new(announced: Option<&AnnouncedChecksums>) -> Self {
        let is_announced = announced.is_some_and(|announced| !announced.is_empty());
        Self {
            length: 0,
            sha256: Sha256::new(),
            checksums: is_announced.then(ChecksumHasher::new),
            boxes: BoxScanner::new(),
            beginning: Vec::new(),
        }
    }

    pub fn feed(&mut self, bytes: &[u8]) {
        self.length += bytes.len() as u64;
        self.sha256.update(bytes);
        if let Some(checksums) = &mut self.checksums {
            checksums.update(bytes);
        }
        let missing = SNIFFED - self.beginning.len();
        if missing > 0 {
            self.beginning.extend(bytes.iter().take(missing));
        }
        self.boxes.feed(bytes);
    }

    pub fn length(&self) -> u64 {
        self.length
    }

    /// The SHA-256 of the bytes so far, in hexadecimal digits.
    pub fn sha256(&self) -> String {
        hex(&self.sha256.clone().finalize())
    }

    pub fn container(&self) -> Option<Container> {
        Container::of(&self.beginning)
    }

    /// Judges the file, which ends here.
    pub fn structure(&self) -> Structure {
        let Some(container) = self.container().filter(|container| container.has_boxes()) else {
            return Structure::Untold;
        };
        match self.boxes.finish() {
            Err(incomplete) => Structure::Incomplete(incomplete),
            Ok(Proof::Boxes) if container == Container::Mp4 => Structure::Whole,
            Ok(_) => Structure::Untold,
        }
    }

    /// Compares the file with what was announced.
    pub fn compare(&self, announced: &AnnouncedChecksums) -> Comparison {
        match &self.checksums {
            Some(checksums) => announced.compare(checksums),
            None => Comparison::NothingAnnounced,
        }
    }
}
