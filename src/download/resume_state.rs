//! What has to be known of a part to go on with it in another process.

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    path::Path,
};

use http::{HeaderMap, HeaderValue, header};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;

use crate::{capture::private_file, model::hash::hex};

/// The note next to a part: which file its bytes are from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sidecar {
    version: u32,
    /// The identity of the URL; see [`identity`].
    pub url_sha256: String,
    /// What a server compares before it goes on in the middle; none if it gave nothing usable.
    pub validator: Option<Validator>,
    /// The length of the whole file, if the server told it.
    pub total: Option<u64>,
}

/// What tells one version of a file from another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Validator {
    Etag(String),
    LastModified(String),
}

impl Validator {
    /// The strong `ETag` of a response, or else its date; a weak one says nothing about bytes.
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let is_strong = |tag: &&str| tag.len() > 2 && tag.starts_with('"') && tag.ends_with('"');
        match text(header::ETAG).filter(is_strong) {
            Some(tag) => Some(Self::Etag(tag.to_owned())),
            None => text(header::LAST_MODIFIED).map(|date| Self::LastModified(date.to_owned())),
        }
    }

    /// The value of the `If-Range` header.
    pub fn if_range(&self) -> Option<HeaderValue> {
        let (Self::Etag(text) | Self::LastModified(text)) = self;
        HeaderValue::from_str(text).ok()
    }

    /// Whether a response can be about the same version: it says nothing to the contrary.
    pub fn agrees(&self, headers: &HeaderMap) -> bool {
        let name = match self {
            Self::Etag(_) => header::ETAG,
            Self::LastModified(_) => header::LAST_MODIFIED,
        };
        let value = headers.get(name);
        value.is_none_or(|value| Some(value) == self.if_range().as_ref())
    }
}

/// Scheme, host and path of a URL as a hash. The query is left out, since it has the signature and
/// is another one each time.
pub(super) fn identity(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    hex(&Sha256::digest(url.as_str()))
}

impl Sidecar {
    const VERSION: u32 = 1;

    pub fn new(url_sha256: String, validator: Option<Validator>, total: Option<u64>) -> Self {
        Self {
            version: Self::VERSION,
            url_sha256,
            validator,
            total,
        }
    }

    /// Reads the note; none if there is none that can be understood.
    pub fn read(path: &Path) -> Option<Self> {
        /// A longer one is not ours.
        const LONGEST: u64 = 64 << 10;
        let mut text = Vec::new();
        let file = File::open(path).ok()?;
        file.take(LONGEST).read_to_end(&mut text).ok()?;
        let sidecar: Self = serde_json::from_slice(&text).ok()?;
        (sidecar.version == Self::VERSION).then_some(sidecar)
    }

    /// Writes the note in one step, so that nobody ever reads half of it.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let temporary = path.with_added_extension("new");
        remove(&temporary)?;
        // A new file follows no link that somebody put there, and it is for its owner alone.
        let file = private_file().write(true).create_new(true).open(&temporary);
        file?.write_all(&serde_json::to_vec(self)?)?;
        fs::rename(&temporary, path)
    }
}

/// Removes a file that need not be there.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Sidecar, Validator, identity};

    fn headers(pairs: &[(&'static str, &'static str)]) -> http::HeaderMap {
        let parsed = |(name, value): &(&'static str, &'static str)| {
            (name.parse().unwrap(), value.parse().unwrap())
        };
        pairs.iter().map(parsed).collect()
    }

    #[test]
    fn a_weak_tag_is_no_validator() {
        let date = "Wed, 21 Oct 2015 07:28:00 GMT";
        let strong = Some(Validator::Etag("\"a\"".into()));
        let dated = Some(Validator::LastModified(date.into()));
        for (pairs, expected) in [
            (&[("etag", "\"a\""), ("last-modified", date)][..], strong),
            (
                &[("etag", "W/\"a\""), ("last-modified", date)],
                dated.clone(),
            ),
            (&[("last-modified", date)], dated),
            (&[("etag", "W/\"a\"")], None),
            (&[("etag", "a")], None),
            (&[("etag", "\"\"")], None),
            (&[], None),
        ] {
            assert_eq!(Validator::of(&headers(pairs)), expected, "{pairs:?}");
        }
    }

    #[test]
    fn a_response_may_be_silent_but_not_contradict() {
        let tag = Validator::Etag("\"a\"".into());
        assert!(tag.agrees(&headers(&[("etag", "\"a\"")])));
        assert!(tag.agrees(&headers(&[("last-modified", "x")])));
        assert!(!tag.agrees(&headers(&[("etag", "\"b\"")])));
    }

    #[test]
    fn the_identity_knows_no_signature() {
        let of = |url: &str| identity(&url.parse().unwrap());
        let one = of("https://s.example/v.mp4?Signature=a");
        assert_eq!(one, of("https://s.example/v.mp4?Signature=b#x"));
        assert_ne!(one, of("https://s.example/w.mp4?Signature=a"));
        assert_eq!(one.len(), 64);
    }

    #[test]
    fn the_note_is_read_as_it_was_written() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("v.mp4.part.json");
        let note = Sidecar::new("00".into(), Some(Validator::Etag("\"a\"".into())), Some(9));
        note.write(&path).unwrap();
        note.write(&path).unwrap();
        assert_eq!(Sidecar::read(&path), Some(note));
        for text in ["", "{}", "null", "{\"version\":2,\"url_sha256\":\"\"}"] {
            std::fs::write(&path, text).unwrap();
            assert_eq!(Sidecar::read(&path), None, "{text}");
        }
        let names = std::fs::read_dir(directory.path()).unwrap().count();
        assert_eq!(names, 1, "nothing else is left");
    }
}
