//! Members of a zip archive.

use std::sync::Arc;

use super::{
    attachments::Attachments,
    member::{Member, Next, is_hidden},
    zip_files::{ZipFiles, ZipSource},
};
use crate::input::skip::Skip;

/// The files of an archive in the order of its directory.
pub(in crate::input) struct ZipMembers {
    files: Arc<ZipFiles>,
    at: usize,
    /// Whether only recordings are read, because the other files belong to them.
    has_recordings: bool,
    /// What is wrong with the directory after these files.
    error: Option<String>,
}

impl ZipMembers {
    /// Reads the directory.
    pub fn new(source: ZipSource, length: u64) -> Result<Self, String> {
        let (files, error) = ZipFiles::read(source, length)?;
        let has_recordings = files.entries.iter().any(|entry| is_recording(&entry.name));
        Ok(Self {
            files: Arc::new(files),
            at: 0,
            has_recordings,
            error,
        })
    }

    pub fn next(&mut self) -> Option<Next<'static>> {
        let Some(entry) = self.files.entries.get(self.at) else {
            let error = self.error.take()?;
            return Some(Next::Broken(String::new(), error));
        };
        self.at += 1;
        if is_hidden(&entry.name) {
            return Some(Next::Skipped(Skip::Hidden));
        }
        if self.has_recordings && !is_recording(&entry.name) {
            return Some(Next::Skipped(Skip::Attachment));
        }
        Some(match self.files.content(entry) {
            Ok(content) => Next::Member(Member {
                name: entry.name.clone(),
                content,
                attachments: Attachments::Zip(
                    Arc::clone(&self.files),
                    entry
                        .name
                        .rfind('/')
                        .map_or_else(String::new, |end| entry.name[..=end].to_owned()),
                ),
            }),
            Err(message) => Next::Broken(entry.name.clone(), message),
        })
    }
}

/// Whether a file refers to others of its archive for the bodies.
fn is_recording(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, extension)| matches!(extension, "har" | "network"))
}
