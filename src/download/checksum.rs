//! Checksums that a store announces for a file, and those of the bytes that came.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use crc::{CRC_64_XZ, Crc, Digest as CrcDigest, Table};
use http::{HeaderMap, header};
use md5::{Digest as _, Md5};
use serde::{Deserialize, Serialize};

use crate::model::hash::hex;

/// The polynomial of ECMA-182 as stores use it, which is CRC-64/XZ.
static CRC64: Crc<u64, Table<16>> = Crc::<u64, Table<16>>::new(&CRC_64_XZ);

/// The checksums of a whole file, as its store announces them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct AnnouncedChecksums {
    /// `Content-MD5`, in hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content_md5: Option<String>,
    /// `x-tos-hash-crc64ecma` or `x-oss-hash-crc64ecma`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    crc64: Option<u64>,
    /// An `ETag` that has the form of an MD5. Stores that encrypt make such tags that are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    etag_md5: Option<String>,
}

/// How the bytes compare with what was announced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    NothingAnnounced,
    Agrees,
    /// The checksum in this header is another one.
    Differs(&'static str),
    /// Only the `ETag` differs, which may be no checksum after all.
    EtagDiffers,
}

impl AnnouncedChecksums {
    /// Reads the headers of a response with the whole file, or with a part of it.
    pub fn of(headers: &HeaderMap, is_whole: bool) -> Self {
        if headers.contains_key(header::CONTENT_ENCODING) && !is_identity(headers) {
            // They would be those of the encoded bytes.
            return Self::default();
        }
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let content_md5 = text("content-md5").filter(|_| is_whole).and_then(|value| {
            let bytes = BASE64_STANDARD.decode(value.trim()).ok()?;
            (bytes.len() == 16).then(|| hex(&bytes))
        });
        let crc64 = text("x-tos-hash-crc64ecma").or_else(|| text("x-oss-hash-crc64ecma"));
        Self {
            content_md5,
            crc64: crc64.and_then(|value| value.trim().parse().ok()),
            etag_md5: text("etag")
                .filter(|_| !has_own_etags(headers))
                .and_then(md5_in),
        }
    }

    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Takes over what another response about the same file announces.
    pub fn or(self, other: &Self) -> Self {
        Self {
            content_md5: self.content_md5.or_else(|| other.content_md5.clone()),
            crc64: self.crc64.or(other.crc64),
            etag_md5: self.etag_md5.or_else(|| other.etag_md5.clone()),
        }
    }

    pub fn compare(&self, hasher: &ChecksumHasher) -> Comparison {
        let md5 = hex(&hasher.md5.clone().finalize());
        if self
            .content_md5
            .as_ref()
            .is_some_and(|announced| *announced != md5)
        {
            return Comparison::Differs("Content-MD5");
        }
        let crc64 = hasher.crc64.clone().finalize();
        if self.crc64.is_some_and(|announced| announced != crc64) {
            return Comparison::Differs("x-tos-hash-crc64ecma");
        }
        if self
            .etag_md5
            .as_ref()
            .is_some_and(|announced| *announced != md5)
        {
            return Comparison::EtagDiffers;
        }
        if self.is_empty() {
            Comparison::NothingAnnounced
        } else {
            Comparison::Agrees
        }
    }
}

/// Computes what stores announce.
#[derive(Clone)]
pub(super) struct ChecksumHasher {
    md5: Md5,
    crc64: CrcDigest<'static, u64, Table<16>>,
}

impl ChecksumHasher {
    pub fn new() -> Self {
        Self {
            md5: Md5::new(),
            crc64: CRC64.digest(),
        }
    }

    pub fn update(&mut self, bytes: &[u8]) {
        self.md5.update(bytes);
        self.crc64.update(bytes);
    }
}

fn is_identity(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_ENCODING);
    value.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"identity"))
}

/// The MD5 in a strong tag; those of files that came in several parts have another form.
fn md5_in(tag: &str) -> Option<String> {
    let tag = tag.strip_prefix('"')?.strip_suffix('"')?;
    let is_md5 = tag.len() == 32 && tag.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_md5.then(|| tag.to_ascii_lowercase())
}

/// Whether the store says that it encrypts the file with a key of its own or of the customer, in
/// which case its tags are no checksums.
fn has_own_etags(headers: &HeaderMap) -> bool {
    headers.iter().any(|(name, value)| {
        let name = name.as_str();
        let is_encryption = name.contains("server-side-encryption");
        let by_key = value
            .to_str()
            .is_ok_and(|value| value.to_ascii_lowercase().contains("kms"));
        is_encryption && (by_key || name.contains("customer"))
    })
}

#[cfg(test)]
mod tests {
    use super::{AnnouncedChecksums, ChecksumHasher, Comparison};

    fn headers(pairs: &[(&'static str, &'static str)]) -> http::HeaderMap {
        let parsed = |(name, value): &(&'static str, &'static str)| {
            (name.parse().unwrap(), value.parse().unwrap())
        };
        pairs.iter().map(parsed).collect()
    }

    fn compare(pairs: &[(&'static str, &'static str)]) -> Comparison {
        let mut hasher = ChecksumHasher::new();
        hasher.update(b"12345");
        hasher.update(b"6789");
        AnnouncedChecksums::of(&headers(pairs), true).compare(&hasher)
    }

    // The check values of the catalogues of CRCs and of RFC 1321.
    const MD5: &str = "\"25f9e794323b453885f5181f1b624d0b\"";
    const CONTENT_MD5: &str = "JfnnlDI7RTiF9RgfG2JNCw==";
    const CRC64: &str = "11051210869376104954";

    #[test]
    fn the_announced_checksums_are_compared() {
        use Comparison::{Agrees, Differs, EtagDiffers, NothingAnnounced};
        let other = "\"25f9e794323b453885f5181f1b624d0c\"";
        for (pairs, expected) in [
            (&[][..], NothingAnnounced),
            (&[("etag", MD5)], Agrees),
            (&[("content-md5", CONTENT_MD5)], Agrees),
            (&[("x-tos-hash-crc64ecma", CRC64)], Agrees),
            (&[("x-oss-hash-crc64ecma", CRC64)], Agrees),
            (&[("etag", other)], EtagDiffers),
            (
                &[("etag", other), ("x-tos-hash-crc64ecma", "1")],
                Differs("x-tos-hash-crc64ecma"),
            ),
            (
                &[("content-md5", "AAAAAAAAAAAAAAAAAAAAAA==")],
                Differs("Content-MD5"),
            ),
            (&[("content-md5", "no")], NothingAnnounced),
            (
                &[("etag", "\"25f9e794323b453885f5181f1b624d0b-2\"")],
                NothingAnnounced,
            ),
            (
                &[("etag", other), ("x-amz-server-side-encryption", "aws:kms")],
                NothingAnnounced,
            ),
            (
                &[("etag", MD5), ("content-encoding", "gzip")],
                NothingAnnounced,
            ),
        ] {
            assert_eq!(compare(pairs), expected, "{pairs:?}");
        }
        let part = AnnouncedChecksums::of(&headers(&[("content-md5", CONTENT_MD5)]), false);
        assert!(
            part.is_empty(),
            "the MD5 of a part says nothing about the whole"
        );
    }
}
