//! What the build writes.

/// A file that the build writes to `OUT_DIR`.
#[derive(Debug)]
pub struct File {
    /// The file's name.
    pub name: String,
    /// Its whole text.
    pub text: String,
}

/// Everything that comes of a document.
#[derive(Debug)]
pub struct Output {
    /// The files to write.
    pub files: Vec<File>,
    /// What has no effect, with file, line and column.
    pub warnings: Vec<String>,
}
