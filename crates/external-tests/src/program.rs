//! Installed programs.

use std::io;

/// The started program; panics with what to install if it could not be started.
pub fn started<T>(started: io::Result<T>, program: &str, package: &str) -> T {
    started.unwrap_or_else(|error| {
        panic!("cannot run {program}: {error}; `apt-get install {package}` installs it")
    })
}
