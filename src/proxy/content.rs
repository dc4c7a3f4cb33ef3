//! Undoes what `Content-Encoding` says, up to a length.

use std::io::{self, Read};

use flate2::read::{MultiGzDecoder, ZlibDecoder};
use http::{HeaderMap, header};

/// The body as it was before its encodings, the last one undone first; none if one of them is not
/// known, does not hold, or leads to more than `limit` bytes.
pub(super) fn decoded(headers: &HeaderMap, body: Vec<u8>, limit: usize) -> Option<Vec<u8>> {
    let mut encodings = Vec::new();
    for value in headers.get_all(header::CONTENT_ENCODING) {
        encodings.extend(value.to_str().ok()?.split(',').map(str::trim));
    }
    let undo = |body: Vec<u8>, encoding: &&str| decode(encoding, body, limit);
    encodings.iter().rev().try_fold(body, undo)
}

fn decode(encoding: &str, body: Vec<u8>, limit: usize) -> Option<Vec<u8>> {
    match encoding.to_ascii_lowercase().as_str() {
        "" | "identity" => Some(body),
        // Some servers send nothing, whatever they call it.
        _ if body.is_empty() => Some(body),
        "gzip" | "x-gzip" => read(MultiGzDecoder::new(&*body), limit),
        "deflate" => read(ZlibDecoder::new(&*body), limit),
        "br" => read(brotli_decompressor::Decompressor::new(&*body, 4096), limit),
        "zstd" => read(ruzstd::decoding::StreamingDecoder::new(&*body).ok()?, limit),
        _ => None,
    }
}

fn read(reader: impl Read, limit: usize) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX);
    let outcome: io::Result<usize> = reader.take(most.saturating_add(1)).read_to_end(&mut out);
    (outcome.is_ok() && out.len() <= limit).then_some(out)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::{HeaderMap, decoded, header};

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
    fn each_encoding_is_undone() {
        let twice = gzip(&gzip(b"{}"));
        assert_eq!(
            decoded(&headers("gzip, X-GZIP"), twice, 100).unwrap(),
            b"{}"
        );
        // What the tools of these formats make of `{}`.
        let brotli = [0x0b, 0x00, 0x80, 0x7b, 0x7d, 0x03].to_vec();
        assert_eq!(decoded(&headers("br"), brotli, 100).unwrap(), b"{}");
        let zstd = [
            0x28, 0xb5, 0x2f, 0xfd, 0x20, 0x02, 0x11, 0x00, 0x00, 0x7b, 0x7d,
        ]
        .to_vec();
        assert_eq!(decoded(&headers("zstd"), zstd, 100).unwrap(), b"{}");
        assert_eq!(
            decoded(&headers("identity"), b"x".to_vec(), 100).unwrap(),
            b"x"
        );
        assert_eq!(decoded(&HeaderMap::new(), b"x".to_vec(), 0).unwrap(), b"x");
    }

    #[test]
    fn what_cannot_be_undone_is_left() {
        assert_eq!(decoded(&headers("compress"), b"x".to_vec(), 100), None);
        assert_eq!(decoded(&headers("gzip"), b"no gzip".to_vec(), 100), None);
        let cut_off = gzip(b"{}")[..12].to_vec();
        assert_eq!(decoded(&headers("gzip"), cut_off, 100), None);
        // A bomb.
        let bomb = gzip(&vec![0; 1 << 20]);
        assert_eq!(decoded(&headers("gzip"), bomb, 1000), None);
        assert_eq!(decoded(&headers("br"), Vec::new(), 1000).unwrap(), b"");
    }
}
