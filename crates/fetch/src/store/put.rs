//! A video is stored: once, whole, and never over something else.

use std::time::Duration;

use object_store::{ObjectStore, PutMode, PutOptions, PutPayload};
use tokio::time::sleep;

use super::{
    error::StoreError, failure::Failure, metadata, object::Comparison, place::Store,
    staged_file::StagedFile,
};
use crate::new_video::NewVideo;

/// The longest video that goes in one request, and the length of a part of a longer one.
pub(super) const AT_ONCE: u64 = 8 << 20;

/// Waits between tries. Each request is repeated by itself as far as that is safe.
const DELAYS: [Duration; 3] = [
    Duration::from_millis(200),
    Duration::from_secs(1),
    Duration::from_secs(3),
];

impl Store {
    /// Stores a video under a name, unless that is taken by something else.
    ///
    /// # Errors
    ///
    /// If the file has changed, the name is taken, or the store does not take the video.
    pub async fn put(&self, name: &str, video: &NewVideo) -> Result<(), StoreError> {
        let stored = self.put_again_and_again(name, video).await;
        if stored.is_ok() && video.bytes > AT_ONCE {
            // If the answer to the beginning of an upload was lost, there were two.
            self.remove_unfinished(name).await;
        }
        stored
    }

    async fn put_again_and_again(&self, name: &str, video: &NewVideo) -> Result<(), StoreError> {
        let mut delays = DELAYS.into_iter();
        loop {
            let Err(error) = self.put_once(name, video).await else {
                return Ok(());
            };
            // The answer can be lost, and somebody else can have been faster.
            match self.compare(name, video.bytes, &video.sha256).await {
                Ok(Comparison::Same) => return Ok(()),
                Ok(Comparison::Other) => {
                    return Err(StoreError::occupied(&self.url.of_object(name)));
                }
                Ok(Comparison::Missing) | Err(_) => {}
            }
            match delays.next() {
                Some(delay) if error.is_passing() => sleep(delay).await,
                _ => return Err(error),
            }
        }
    }

    async fn put_once(&self, name: &str, video: &NewVideo) -> Result<(), StoreError> {
        if video.bytes > AT_ONCE {
            return self.put_in_parts(name, video).await;
        }
        let mut file = StagedFile::open(video).await?;
        let payload = PutPayload::from(file.next(video.bytes + 1).await?);
        file.is_as_verified()?;
        let put = self.put_whole(name, video, payload.clone(), PutMode::Create);
        match put.await {
            Err(failure) if failure.is_not_supported() => {
                self.refuse_to_replace(name, video).await?;
                let put = self.put_whole(name, video, payload, PutMode::Overwrite);
                put.await
            }
            outcome => outcome,
        }
        .map_err(|failure| self.failed("be written", name, &failure))
    }

    async fn put_whole(
        &self,
        name: &str,
        video: &NewVideo,
        payload: PutPayload,
        mode: PutMode,
    ) -> Result<(), Failure> {
        let mut options = PutOptions::from(mode);
        if self.address.kind.has_metadata() {
            options.attributes = metadata::attributes(video);
        }
        let put = self
            .objects()
            .put_opts(&self.key(name), payload, options)
            .await;
        put.map(drop).map_err(Failure::from)
    }

    /// For a store that cannot create only what is not there: a look before.
    pub(super) async fn refuse_to_replace(
        &self,
        name: &str,
        video: &NewVideo,
    ) -> Result<(), StoreError> {
        match self.compare(name, video.bytes, &video.sha256).await? {
            Comparison::Missing => Ok(()),
            Comparison::Same | Comparison::Other => {
                Err(StoreError::occupied(&self.url.of_object(name)))
            }
        }
    }
}
