//! What is under a name already.

use futures_util::StreamExt;
use object_store::{GetOptions, GetResult, ObjectStore};
use seedance_query::download::{VideoFile, VideoInspection};

use super::{error::StoreError, failure::Failure, metadata, place::Store};

/// An object, compared with a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Missing,
    Same,
    Other,
}

impl Store {
    /// The object of a name, if it is a video that this program has stored: only whole ones are. A file
    /// has no metadata that say so, and is read.
    ///
    /// # Errors
    ///
    /// If the store does not tell.
    pub async fn whole_video(&self, name: &str) -> Result<Option<VideoFile>, StoreError> {
        let Some(head) = self.head(name).await? else {
            return Ok(None);
        };
        if let Some(sha256) = metadata::sha256(&head.attributes) {
            return Ok(Some(VideoFile {
                bytes: head.meta.size,
                sha256: sha256.to_ascii_lowercase(),
                is_whole: true,
            }));
        }
        if self.address.kind.has_metadata() {
            return Ok(None);
        }
        let video = self.read(name).await?;
        Ok(video.filter(|video| video.is_whole))
    }

    /// Whether the object of a name is this video.
    pub(crate) async fn has(
        &self,
        name: &str,
        bytes: u64,
        sha256: &str,
    ) -> Result<bool, StoreError> {
        Ok(self.compare(name, bytes, sha256).await? == Comparison::Same)
    }

    pub(super) async fn compare(
        &self,
        name: &str,
        bytes: u64,
        sha256: &str,
    ) -> Result<Comparison, StoreError> {
        let Some(head) = self.head(name).await? else {
            return Ok(Comparison::Missing);
        };
        let is_same = head.meta.size == bytes
            && if let Some(found) = metadata::sha256(&head.attributes) {
                found.eq_ignore_ascii_case(sha256)
            } else {
                let video = self.read(name).await?;
                video.is_some_and(|video| video.sha256 == sha256)
            };
        Ok(if is_same {
            Comparison::Same
        } else {
            Comparison::Other
        })
    }

    /// Reads the object of a name to its end.
    pub(crate) async fn read(&self, name: &str) -> Result<Option<VideoFile>, StoreError> {
        let Some(result) = self.get(name, GetOptions::default()).await? else {
            return Ok(None);
        };
        let mut inspection = VideoInspection::default();
        let mut parts = result.into_stream();
        while let Some(part) = parts.next().await {
            let part = part.map_err(|error| self.failed("be read", name, &Failure::from(error)));
            inspection.feed(&part?);
        }
        Ok(Some(inspection.conclude()))
    }

    async fn head(&self, name: &str) -> Result<Option<GetResult>, StoreError> {
        let options = GetOptions {
            head: true,
            ..GetOptions::default()
        };
        self.get(name, options).await
    }

    async fn get(&self, name: &str, options: GetOptions) -> Result<Option<GetResult>, StoreError> {
        match self.objects().get_opts(&self.key(name), options).await {
            Ok(found) => Ok(Some(found)),
            Err(error) => {
                let failure = Failure::from(error);
                if failure.is_not_found() {
                    return Ok(None);
                }
                Err(self.failed("be read", name, &failure))
            }
        }
    }
}
