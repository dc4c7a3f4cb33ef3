//! SHA-256 of files.

use std::{
    fmt::Write as _,
    io::{self, Read},
};

use sha2::{Digest, Sha256};

/// Hashes all that a reader has, and says how much that is.
pub fn hash(mut reader: impl Read) -> io::Result<(u64, Sha256)> {
    const AT_ONCE: usize = 1 << 20;
    let mut buffer = vec![0; AT_ONCE];
    let mut hasher = Sha256::new();
    let mut length = 0;
    loop {
        match reader.read(&mut buffer)? {
            0 => return Ok((length, hasher)),
            read => {
                hasher.update(&buffer[..read]);
                length += read as u64;
            }
        }
    }
}

/// Bytes in hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
