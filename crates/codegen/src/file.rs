//! What the build writes.

/// A file that the build writes to `OUT_DIR`.
#[derive(Debug)]
pub struct File {
    /// The file's name.
    pub name: String,
    /// Its whole text.
    pub text: String,
}
