//! Decodes `Content-Encoding`.

use std::io;

use http::{HeaderMap, header};

use super::metrics::Unvalidated;
use crate::input::Compression;

/// The decoded body, the last encoding first.
///
/// # Errors
///
/// If an encoding is unknown or does not match the body, or if it decodes to more than `longest`
/// bytes.
pub(super) fn decoded(
    headers: &HeaderMap,
    body: Vec<u8>,
    longest: usize,
) -> Result<Vec<u8>, Unvalidated> {
    let mut encodings = Vec::new();
    for value in headers.get_all(header::CONTENT_ENCODING) {
        let value = value.to_str().map_err(|_| Unvalidated::Encoding)?;
        encodings.extend(value.split(',').map(str::trim));
    }
    let undo = |body: Vec<u8>, encoding: &&str| match *encoding {
        // Some servers name an encoding for an empty body.
        _ if body.is_empty() => Ok(body),
        "" | "identity" => Ok(body),
        encoding => {
            let compression = Compression::named(encoding).ok_or(Unvalidated::Encoding)?;
            // One worker handles one body after the other: it holds no turn.
            let decoded = compression
                .decode(&body, longest)
                .map(|decoded| decoded.bytes);
            decoded.map_err(|error| match error.kind() {
                io::ErrorKind::FileTooLarge => Unvalidated::TooLong,
                _ => Unvalidated::Encoding,
            })
        }
    };
    encodings.iter().rev().try_fold(body, undo)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::{HeaderMap, Unvalidated, decoded, header};

    fn headers(value: &'static str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_ENCODING, value.parse().unwrap());
        headers
    }

    fn gzip(body: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(body).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn decodes_each_encoding() {
        let twice = gzip(&gzip(b"{}"));
        let undone = |encoding, body: &[u8]| decoded(&headers(encoding), body.to_vec(), 100);
        assert_eq!(undone("gzip, X-GZIP", &twice).unwrap(), b"{}");
        // `{}` as compressed by the tools of these formats.
        let brotli = b"\x8b\x00\x80{}\x03";
        assert_eq!(undone("br", brotli).unwrap(), b"{}");
        let zstd = b"\x28\xb5\x2f\xfd\x04\x58\x11\x00\x00{}\xd1\x94\xf2\x7a";
        assert_eq!(undone("zstd", zstd).unwrap(), b"{}");
        assert_eq!(undone("identity", b"x").unwrap(), b"x");
        assert_eq!(undone("br", b"").unwrap(), b"");
        assert_eq!(decoded(&HeaderMap::new(), b"x".to_vec(), 0).unwrap(), b"x");
    }

    #[test]
    fn rejects_what_cannot_be_decoded() {
        let undone = |encoding, body: &[u8]| decoded(&headers(encoding), body.to_vec(), 1000);
        assert_eq!(undone("compress", b"x"), Err(Unvalidated::Encoding));
        assert_eq!(undone("gzip", b"no gzip"), Err(Unvalidated::Encoding));
        let half = undone("gzip", &gzip(b"{}")[..12]);
        assert_eq!(half, Err(Unvalidated::Encoding));
        let bomb = gzip(&vec![0; 1 << 20]);
        assert_eq!(undone("gzip", &bomb), Err(Unvalidated::TooLong));
    }
}
