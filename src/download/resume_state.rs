//! What another process has to know to resume an unfinished file.

use std::{io, path::Path};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

use super::{checksum::AnnouncedChecksums, storage::Storage, validator::Validator};
use crate::model::hash::hex;

/// The file `NAME.part.json` beside `NAME.part`: where its bytes are from, and how many of them can
/// be trusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ResumeState {
    version: u32,
    /// The identity of the URL; see [`identity`].
    pub url_sha256: String,
    /// What a server compares before it goes on in the middle; none if it gave nothing usable.
    pub validator: Option<Validator>,
    /// The length of the whole file, if the server told it.
    pub total: Option<u64>,
    #[serde(default)]
    pub checksums: AnnouncedChecksums,
    /// How many bytes are safe on the disk.
    pub synced: u64,
    /// The SHA-256 of those, in hexadecimal digits.
    pub synced_sha256: String,
}

/// Scheme, host and path of a URL as a hash. The query is left out, since it has the signature and
/// differs each time.
pub(super) fn identity(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    hex(&Sha256::digest(url.as_str()))
}

impl ResumeState {
    const VERSION: u32 = 2;

    pub fn new(
        url_sha256: String,
        validator: Option<Validator>,
        total: Option<u64>,
        checksums: AnnouncedChecksums,
    ) -> Self {
        Self {
            version: Self::VERSION,
            url_sha256,
            validator,
            total,
            checksums,
            synced: 0,
            synced_sha256: String::new(),
        }
    }

    /// What another response tells of the same file, beside what was known before.
    pub fn continuing(self, before: &Self) -> Self {
        Self {
            synced: before.synced,
            synced_sha256: before.synced_sha256.clone(),
            total: self.total.or(before.total),
            validator: self.validator.or_else(|| before.validator.clone()),
            checksums: self.checksums.or(&before.checksums),
            ..self
        }
    }

    /// Reads the state; none if there is none that can be understood.
    pub fn read(storage: &dyn Storage, path: &Path) -> Option<Self> {
        /// A longer file is not one of ours.
        const MAX_STATE_FILE: u64 = 64 << 10;
        let text = storage.read(path, MAX_STATE_FILE).ok()?;
        let state: Self = serde_json::from_slice(&text).ok()?;
        (state.version == Self::VERSION).then_some(state)
    }

    /// Writes the state atomically, so that it survives a power cut and no reader sees half of it.
    pub fn write(&self, storage: &dyn Storage, path: &Path) -> io::Result<()> {
        let temporary = path.with_added_extension("new");
        storage.remove(&temporary)?;
        storage.write_new(&temporary, &serde_json::to_vec(self)?)?;
        storage.rename(&temporary, path)?;
        storage.sync_directory_of(path)
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::{disk::Disk, validator::Validator},
        AnnouncedChecksums, ResumeState, identity,
    };

    #[test]
    fn the_identity_knows_no_signature() {
        let of = |url: &str| identity(&url.parse().unwrap());
        let one = of("https://s.example/v.mp4?Signature=a");
        assert_eq!(one, of("https://s.example/v.mp4?Signature=b#x"));
        assert_ne!(one, of("https://s.example/w.mp4?Signature=a"));
        assert_eq!(one.len(), 64);
    }

    #[test]
    fn the_state_is_read_as_it_was_written() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("v.mp4.part.json");
        let validator = Some(Validator::Etag("\"a\"".into()));
        let checksums = AnnouncedChecksums::default();
        let state = ResumeState::new("00".into(), validator, Some(9), checksums);
        state.write(&Disk, &path).unwrap();
        state.write(&Disk, &path).unwrap();
        assert_eq!(ResumeState::read(&Disk, &path), Some(state));
        for text in ["", "{}", "null", "{\"version\":1,\"url_sha256\":\"\"}"] {
            std::fs::write(&path, text).unwrap();
            assert_eq!(ResumeState::read(&Disk, &path), None, "{text}");
        }
        let names = std::fs::read_dir(directory.path()).unwrap().count();
        assert_eq!(names, 1, "nothing else is left");
    }
}
