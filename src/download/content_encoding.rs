//! Bodies that are encoded although that was not requested.

use std::io::{self, Write};

use flate2::write::{MultiGzDecoder, ZlibDecoder};
use http::{HeaderMap, header};

/// How the bytes of a file are encoded.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ContentEncoding {
    Identity,
    Gzip,
    Deflate,
    /// One that cannot be decoded.
    Other(String),
}

impl ContentEncoding {
    pub fn of(headers: &HeaderMap) -> Self {
        let mut values = headers.get_all(header::CONTENT_ENCODING).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return if headers.contains_key(header::CONTENT_ENCODING) {
                Self::Other("several encodings".to_owned())
            } else {
                Self::Identity
            };
        };
        let value = String::from_utf8_lossy(value.as_bytes())
            .trim()
            .to_ascii_lowercase();
        match value.as_str() {
            // Some stores put the charset of an upload here.
            "" | "identity" | "utf-8" | "binary" => Self::Identity,
            "gzip" | "x-gzip" => Self::Gzip,
            "deflate" => Self::Deflate,
            _ => Self::Other(value),
        }
    }

    pub fn decoder(&self) -> Option<Decoder> {
        match self {
            Self::Gzip => Some(Decoder::Gzip(MultiGzDecoder::new(Vec::new()))),
            Self::Deflate => Some(Decoder::Deflate(ZlibDecoder::new(Vec::new()))),
            Self::Identity | Self::Other(_) => None,
        }
    }
}

/// Undoes an encoding as the bytes come.
pub(super) enum Decoder {
    Gzip(MultiGzDecoder<Vec<u8>>),
    Deflate(ZlibDecoder<Vec<u8>>),
}

impl Decoder {
    /// Maximum number of encoded bytes per step: each may become a thousand.
    pub const STEP: usize = 1024;

    /// Decodes the next bytes.
    ///
    /// # Errors
    ///
    /// If they are not encoded in this way.
    pub fn decode(&mut self, bytes: &[u8]) -> io::Result<Vec<u8>> {
        match self {
            Self::Gzip(decoder) => {
                decoder.write_all(bytes)?;
                decoder.flush()?;
                Ok(std::mem::take(decoder.get_mut()))
            }
            Self::Deflate(decoder) => {
                decoder.write_all(bytes)?;
                decoder.flush()?;
                Ok(std::mem::take(decoder.get_mut()))
            }
        }
    }

    /// Decodes what is left at the end.
    ///
    /// # Errors
    ///
    /// If something is missing.
    pub fn finish(&mut self) -> io::Result<Vec<u8>> {
        match self {
            Self::Gzip(decoder) => {
                decoder.try_finish()?;
                Ok(std::mem::take(decoder.get_mut()))
            }
            Self::Deflate(decoder) => {
                decoder.try_finish()?;
                Ok(std::mem::take(decoder.get_mut()))
            }
        }
    }
}
