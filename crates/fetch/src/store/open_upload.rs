//! An upload in parts, which is aborted unless it is completed.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use object_store::{MultipartUpload, Result};
use tokio::{task::JoinSet, time::timeout};

/// The uploads that are being aborted.
#[derive(Clone, Default)]
pub(super) struct Aborts(Arc<Mutex<JoinSet<()>>>);

impl Aborts {
    fn abort(&self, mut upload: Box<dyn MultipartUpload>) {
        let mut aborts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        aborts.spawn(async move {
            // What cannot be aborted now is removed by the run that stores the video.
            let _ = upload.abort().await;
        });
    }

    /// Waits for them.
    pub async fn finish(&self, patience: Duration) {
        let mut aborts =
            std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let all = async { while aborts.join_next().await.is_some() {} };
        let _ = timeout(patience, all).await;
    }
}

/// An upload that has begun.
pub(super) struct OpenUpload {
    upload: Option<Box<dyn MultipartUpload>>,
    aborts: Aborts,
}

impl OpenUpload {
    pub fn new(upload: Box<dyn MultipartUpload>, aborts: &Aborts) -> Self {
        Self {
            upload: Some(upload),
            aborts: aborts.clone(),
        }
    }

    pub async fn put_part(&mut self, part: Vec<u8>) -> Result<()> {
        match &mut self.upload {
            Some(upload) => upload.put_part(part.into()).await,
            None => Ok(()),
        }
    }

    /// Makes an object of the parts. If that fails, the store can have done so or not.
    pub async fn complete(&mut self) -> Result<()> {
        if let Some(upload) = &mut self.upload {
            upload.complete().await?;
        }
        self.upload = None;
        Ok(())
    }
}

impl Drop for OpenUpload {
    fn drop(&mut self) {
        if let Some(upload) = self.upload.take() {
            self.aborts.abort(upload);
        }
    }
}
