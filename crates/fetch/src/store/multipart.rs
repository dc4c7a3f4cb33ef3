//! A long video is stored in parts, so that memory is bounded.

use object_store::{ObjectStore, ObjectStoreExt, PutMultipartOptions, path::Path};

use super::{
    address::StoreKind, error::StoreError, failure::Failure, metadata, open_upload::OpenUpload,
    place::Store, put::AT_ONCE, staged_file::StagedFile,
};
use crate::new_video::NewVideo;

impl Store {
    /// S3 creates the object when the upload is completed, and only if there is none of its name. The
    /// others are given an object of this run's, which is then copied to its name.
    pub(super) async fn put_in_parts(
        &self,
        name: &str,
        video: &NewVideo,
    ) -> Result<(), StoreError> {
        self.remove_unfinished(name).await;
        let StoreKind::S3 { creates_once, .. } = &self.address.kind else {
            let unfinished = self.unfinished(name).join(self.run.as_str());
            let placed = self.place_by_copy(name, &unfinished, video).await;
            let _ = self.objects().delete(&unfinished).await;
            return placed;
        };
        let mut upload = self.upload(name, &self.key(name), video).await?;
        if !creates_once {
            self.refuse_to_replace(name, video).await?;
        }
        upload
            .complete()
            .await
            .map_err(|error| self.not_written(name, error))
    }

    async fn place_by_copy(
        &self,
        name: &str,
        unfinished: &Path,
        video: &NewVideo,
    ) -> Result<(), StoreError> {
        let not_written = |error| self.not_written(name, error);
        let mut upload = self.upload(name, unfinished, video).await?;
        upload.complete().await.map_err(not_written)?;
        let (objects, key) = (self.objects(), self.key(name));
        let copied = objects.copy_if_not_exists(unfinished, &key).await;
        match copied.map_err(Failure::from) {
            Err(failure) if failure.is_not_supported() => {
                self.refuse_to_replace(name, video).await?;
                let copied = objects.copy(unfinished, &key).await;
                copied.map_err(not_written)
            }
            Err(failure) => Err(self.failed("be written", name, &failure)),
            Ok(()) => Ok(()),
        }
    }

    /// Uploads all parts, and completes nothing. What is not completed is aborted.
    async fn upload(
        &self,
        name: &str,
        key: &Path,
        video: &NewVideo,
    ) -> Result<OpenUpload, StoreError> {
        let mut file = StagedFile::open(video).await?;
        let mut options = PutMultipartOptions::default();
        if self.address.kind.has_metadata() {
            options.attributes = metadata::attributes(video);
        }
        let upload = self.objects().put_multipart_opts(key, options).await;
        let upload = upload.map_err(|error| self.not_written(name, error))?;
        let mut upload = OpenUpload::new(upload, &self.aborts);
        loop {
            let part = file.next(AT_ONCE).await?;
            if part.is_empty() {
                break;
            }
            let put = upload.put_part(part).await;
            put.map_err(|error| self.not_written(name, error))?;
        }
        file.is_as_verified()?;
        Ok(upload)
    }

    fn not_written(&self, name: &str, error: object_store::Error) -> StoreError {
        self.failed("be written", name, &Failure::from(error))
    }
}
