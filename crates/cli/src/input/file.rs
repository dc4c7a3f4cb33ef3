//! The bytes of a file, or of standard input.

use std::{
    fs,
    io::{self, Read},
    path::Path,
};

/// What a path is called, and its bytes or those of standard input for `-`.
pub(super) fn read_file(path: &Path) -> Result<(String, Vec<u8>), String> {
    let mut bytes = Vec::new();
    let (name, read) = if path == Path::new("-") {
        let read = io::stdin().lock().read_to_end(&mut bytes);
        ("standard input".to_owned(), read.map(|_| bytes))
    } else {
        (path.display().to_string(), fs::read(path))
    };
    match read {
        Ok(bytes) => Ok((name, bytes)),
        Err(error) => Err(format!("cannot read {name}: {error}")),
    }
}
