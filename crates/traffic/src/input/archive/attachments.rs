//! Files that a recording refers to for its bodies.

use std::{fs::File, io::Read, path::PathBuf, sync::Arc};

use super::zip_files::ZipFiles;
use crate::limits::MAX_BODY;

/// Where the files are that a recording can refer to.
#[derive(Clone, Default)]
pub(in crate::input) enum Attachments {
    #[default]
    None,
    /// Beside the recording.
    Directory(PathBuf),
    /// In the same archive, below this path.
    Zip(Arc<ZipFiles>, String),
}

impl Attachments {
    /// The content of a file by the name that the recording gives it, up to the limit of a body.
    pub fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        let missing = |why: &str| {
            format!(
                "the body of the response is in the file `{}`, {why}",
                shown(name)
            )
        };
        if !is_below(name) {
            return Err(missing("which is not beside the recording"));
        }
        let folders = ["", "resources/", "__files/", "../__files/"];
        let opened = folders
            .iter()
            .find_map(|folder| self.open(&format!("{folder}{name}")));
        let reader = opened.ok_or_else(|| missing("which is not there"))?;
        let mut bytes = Vec::new();
        reader
            .take(MAX_BODY as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| missing(&format!("which cannot be read: {error}")))?;
        Ok(bytes)
    }

    fn open(&self, name: &str) -> Option<Box<dyn Read + Send>> {
        match self {
            Self::None => None,
            Self::Directory(directory) => {
                let path = directory.join(name);
                // Opening a pipe waits for a writer.
                let is_file = path.metadata().is_ok_and(|file| file.is_file());
                let file = is_file.then(|| File::open(path).ok())??;
                Some(Box::new(file))
            }
            Self::Zip(files, folder) => files.open(&format!("{folder}{name}")),
        }
    }
}

/// Whether a name leads to a file in the same directory or below.
fn is_below(name: &str) -> bool {
    let is_plain = |part: &str| !part.is_empty() && part != "." && part != "..";
    !name.contains(['\\', ':', '\0']) && name.split('/').all(is_plain)
}

fn shown(name: &str) -> String {
    seedance_query::validate::shorten(&seedance_query::redact::text(name))
}

#[cfg(test)]
mod tests {
    use super::Attachments;

    #[test]
    fn only_files_beside_the_recording_are_read() {
        let directory = tempfile::tempdir().unwrap();
        let inner = directory.path().join("inner");
        std::fs::create_dir(&inner).unwrap();
        std::fs::write(directory.path().join("outside.json"), "secret").unwrap();
        std::fs::write(inner.join("body.json"), "{}").unwrap();
        let attachments = Attachments::Directory(inner);
        assert_eq!(attachments.read("body.json").unwrap(), b"{}");
        let absolute = directory.path().join("outside.json").display().to_string();
        for name in [
            "../outside.json",
            &absolute,
            "",
            "a/../../outside.json",
            "missing.json",
        ] {
            assert!(attachments.read(name).is_err(), "{name}");
        }
    }
}
