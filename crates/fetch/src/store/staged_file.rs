//! A staged video, read again in parts on its way to the store.

use std::{
    fs::File,
    io::{self, Read},
    path::PathBuf,
};

use seedance_query::model::hash::hex;
use sha2::{Digest, Sha256};

use super::error::StoreError;
use crate::{blocking::blocking, new_video::NewVideo};

/// A file that is hashed as it is read.
pub(super) struct StagedFile {
    path: PathBuf,
    reader: Option<(File, Sha256)>,
    sha256: String,
}

impl StagedFile {
    pub async fn open(video: &NewVideo) -> Result<Self, StoreError> {
        let path = video.file.clone();
        let opened = blocking(move || File::open(path)).await;
        let file = opened.map_err(|error| unreadable(&video.file, &error))?;
        Ok(Self {
            path: video.file.clone(),
            reader: Some((file, Sha256::new())),
            sha256: video.sha256.clone(),
        })
    }

    /// The next bytes, `at_most` of them unless the file ends first.
    pub async fn next(&mut self, at_most: u64) -> Result<Vec<u8>, StoreError> {
        let Some((file, mut hasher)) = self.reader.take() else {
            return Ok(Vec::new());
        };
        let read = blocking(move || {
            let mut part = Vec::new();
            (&file).take(at_most).read_to_end(&mut part)?;
            hasher.update(&part);
            Ok((part, (file, hasher)))
        });
        let (part, reader) = read.await.map_err(|error| unreadable(&self.path, &error))?;
        self.reader = Some(reader);
        Ok(part)
    }

    /// That all that was read is the video that was verified.
    pub fn is_as_verified(&mut self) -> Result<(), StoreError> {
        let found = self
            .reader
            .take()
            .map(|(_, hasher)| hex(&hasher.finalize()));
        if found.as_ref() == Some(&self.sha256) {
            return Ok(());
        }
        Err(StoreError::new(format!(
            "{} has changed since it was downloaded, and is not stored: remove it and run again",
            self.path.display()
        )))
    }
}

fn unreadable(path: &std::path::Path, error: &io::Error) -> StoreError {
    StoreError::new(format!("{} cannot be read: {error}", path.display()))
}
