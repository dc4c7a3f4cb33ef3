//! The download of one video into a stream or a writer, without a file.

use std::{
    io,
    path::Path,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use futures_util::Stream;
use tokio::{
    io::{AsyncWrite, AsyncWriteExt as _},
    sync::mpsc,
    task::JoinHandle,
};

use super::{
    download::Download,
    error::DownloadError,
    outcome::{StagedVideo, Streamed},
    storage::{EntryKind, Storage, StoredFile},
    transfer::joined,
};

/// How many pieces can wait for the reader.
const QUEUE: usize = 4;

/// The bytes of a video as they come.
///
/// After a broken connection the rest is requested, as with a file, and no byte comes twice. The
/// stream ends with an error if the video turns out to be incomplete or changed midway: what came
/// until then must not be used. After the end, [`outcome`](Self::outcome) tells length
/// and hash. Dropping it ends the download.
#[derive(Debug)]
pub struct VideoStream {
    chunks: mpsc::Receiver<Bytes>,
    running: Option<JoinHandle<Result<StagedVideo, DownloadError>>>,
    ended: Option<Result<Streamed, DownloadError>>,
    outcome: Option<Streamed>,
}

impl Download {
    /// Downloads the video as a stream, without any file.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn into_stream(mut self) -> VideoStream {
        let (sender, chunks) = mpsc::channel(QUEUE);
        self.0.storage = Arc::new(StreamStorage(Arc::new(StreamFile {
            sender,
            sent: AtomicU64::new(0),
        })));
        // Nothing is at any path of it.
        self.0.overwrite = true;
        VideoStream {
            chunks,
            running: Some(tokio::spawn(self.stage())),
            ended: None,
            outcome: None,
        }
    }

    /// Downloads the video into a writer, without any file, and flushes it.
    ///
    /// # Errors
    ///
    /// As for a file, and if the writer fails. What was written until then is not the video.
    pub async fn write_to(
        self,
        mut writer: impl AsyncWrite + Unpin,
    ) -> Result<Streamed, DownloadError> {
        let failed = |error| DownloadError::io("written", Path::new("the output"), error);
        let mut stream = self.into_stream();
        while let Some(chunk) = stream.next_chunk().await {
            writer.write_all(&chunk?).await.map_err(failed)?;
        }
        writer.flush().await.map_err(failed)?;
        stream.outcome.take().ok_or_else(|| {
            DownloadError::interrupted("the download ended without an outcome".to_owned())
        })
    }
}

impl VideoStream {
    /// Length and hash of the video, once all of it has come.
    #[must_use]
    pub fn outcome(&self) -> Option<&Streamed> {
        self.outcome.as_ref()
    }

    async fn next_chunk(&mut self) -> Option<Result<Bytes, DownloadError>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl Stream for VideoStream {
    type Item = Result<Bytes, DownloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Poll::Ready(Some(chunk)) = self.chunks.poll_recv(context) {
                return Poll::Ready(Some(Ok(chunk)));
            }
            if let Some(ended) = self.ended.take() {
                return Poll::Ready(match ended {
                    Ok(outcome) => {
                        self.outcome = Some(outcome);
                        None
                    }
                    Err(error) => Some(Err(error)),
                });
            }
            let Some(running) = &mut self.running else {
                return Poll::Ready(None);
            };
            let joined = joined(ready!(Pin::new(running).poll(context)));
            self.running = None;
            // What is in the channel still comes first.
            self.ended = Some(joined.and_then(|staged| staged.map(Streamed::from)));
        }
    }
}

impl From<StagedVideo> for Streamed {
    fn from(staged: StagedVideo) -> Self {
        Self {
            bytes: staged.outcome.bytes,
            sha256: staged.outcome.sha256,
            requests: staged.outcome.requests,
            verification: staged.outcome.verification,
        }
    }
}

impl Drop for VideoStream {
    fn drop(&mut self) {
        if let Some(running) = &self.running {
            running.abort();
        }
    }
}

/// What is written is handed on, and nothing is kept.
struct StreamStorage(Arc<StreamFile>);

struct StreamFile {
    sender: mpsc::Sender<Bytes>,
    sent: AtomicU64,
}

impl Storage for StreamStorage {
    fn can_rewind(&self) -> bool {
        false
    }

    fn create_directories(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn entry(&self, _: &Path) -> io::Result<Option<EntryKind>> {
        Ok(None)
    }

    fn open_locked(&self, _: &Path) -> io::Result<Option<Arc<dyn StoredFile>>> {
        Ok(Some(Arc::clone(&self.0) as Arc<dyn StoredFile>))
    }

    fn read(&self, _: &Path, _: u64) -> io::Result<Vec<u8>> {
        Err(io::ErrorKind::NotFound.into())
    }

    fn write_new(&self, _: &Path, _: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn rename(&self, _: &Path, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn hard_link(&self, _: &Path, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn remove(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn sync_directory_of(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }
}

impl StoredFile for StreamFile {
    fn length(&self) -> io::Result<u64> {
        Ok(self.sent.load(Relaxed))
    }

    fn read_at(&self, _: u64, _: &mut [u8]) -> io::Result<usize> {
        Ok(0)
    }

    fn write_at(&self, _: u64, bytes: &[u8]) -> io::Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        let sent = self.sender.blocking_send(Bytes::copy_from_slice(bytes));
        sent.map_err(|_| io::Error::new(io::ErrorKind::BrokenPipe, "the stream was dropped"))?;
        self.sent.fetch_add(bytes.len() as u64, Relaxed);
        Ok(())
    }

    fn set_length(&self, length: u64) -> io::Result<()> {
        if length == self.sent.load(Relaxed) {
            return Ok(());
        }
        let message = "the video has changed after part of it was delivered";
        Err(io::Error::other(message))
    }

    fn sync(&self) -> io::Result<()> {
        Ok(())
    }
}
