//! Paths as URI references.

use std::path::{MAIN_SEPARATOR, Path};

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The URI reference of a file, relative if its path is.
pub(super) fn uri(path: &str) -> String {
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~')
        .remove(b'/');
    let is_absolute = Path::new(path).is_absolute();
    let path = path.replace(MAIN_SEPARATOR, "/");
    let encoded = utf8_percent_encode(&path, KEPT);
    match (is_absolute, path.starts_with('/')) {
        (true, true) => format!("file://{encoded}"),
        (true, false) => format!("file:///{encoded}"),
        (false, _) => encoded.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn encodes_paths() {
        for (path, expected) in [
            ("tests/a.json", "tests/a.json"),
            ("../a b/100%#1?.json", "../a%20b/100%25%231%3F.json"),
            ("c:x,y", "c%3Ax%2Cy"),
            ("\u{e4}\u{1f600}\"<", "%C3%A4%F0%9F%98%80%22%3C"),
        ] {
            assert_eq!(uri(path), expected);
        }
        if cfg!(unix) {
            assert_eq!(uri("/var/my file"), "file:///var/my%20file");
        }
    }
}
