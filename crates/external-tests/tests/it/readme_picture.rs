//! The pictures in the README.

use std::fs;

use base64::{Engine, prelude::BASE64_STANDARD};
use seedance_testing::files::root;

/// A picture is a small PNG. With `UPDATE_DOCS=1` it is taken again, in base64.
pub fn is_small(name: &str, take: impl FnOnce() -> String) {
    let path = root().join("docs").join(name);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let png = BASE64_STANDARD.decode(take()).unwrap();
        fs::write(&path, png).unwrap();
    }
    let png = fs::read(&path).unwrap();
    assert!(
        png.starts_with(b"\x89PNG\r\n") && png.len() < 200_000,
        "{} bytes",
        png.len()
    );
}
