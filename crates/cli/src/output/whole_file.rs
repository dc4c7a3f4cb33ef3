//! A file that is there complete or not at all.

use std::{
    ffi::OsString,
    fmt::Display,
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

/// A file that is written beside its place, and moved there once it is complete.
pub(crate) struct WholeFile {
    path: PathBuf,
    beside: PathBuf,
    file: File,
}

impl WholeFile {
    /// Begins a file; one of that name stays as it is until the end.
    ///
    /// # Errors
    ///
    /// If nothing can be written there, with the path.
    pub fn create(path: &Path) -> Result<Self, String> {
        let mut name = path.file_name().map(OsString::from).unwrap_or_default();
        name.push(".tmp");
        let beside = path.with_file_name(name);
        let file = File::create(&beside).map_err(|error| cannot_write(path, &error))?;
        Ok(Self {
            path: path.to_owned(),
            beside,
            file,
        })
    }

    /// Writes the file.
    ///
    /// # Errors
    ///
    /// If it cannot be written, with the path.
    pub fn write(self, text: impl Display) -> Result<(), String> {
        let mut out = BufWriter::new(self.file);
        let written = write!(out, "{text}").and_then(|()| out.flush());
        let moved = written.and_then(|()| fs::rename(&self.beside, &self.path));
        moved.map_err(|error| {
            // It is of no use.
            let _ = fs::remove_file(&self.beside);
            cannot_write(&self.path, &error)
        })
    }
}

fn cannot_write(path: &Path, error: &io::Error) -> String {
    format!("cannot write {}: {error}", path.display())
}
