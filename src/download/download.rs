//! The download of one video into a file.

use std::{fmt, path::PathBuf, pin::Pin, sync::Arc, time::Duration};

use super::{
    error::DownloadError,
    options::Options,
    outcome::{DownloadProgress, DownloadWait, Downloaded, StagedVideo, Verification},
    partial_file::{SharedPart, check_target, part_of},
    run::run,
    transfer::{Transfer, joined},
};
use crate::{
    client::Client,
    model::{ResultUrl, TaskId, file_name},
};

/// A download that is prepared; awaiting it makes it happen.
///
/// The bytes go to `NAME.part`, and the file gets its name when it is complete and safe on the
/// disk. A connection that breaks is followed by another one for the rest, as far as the server can
/// tell that the file is still the same. Should the process end or the future be dropped, the next
/// download with the same name goes on from there; what it needs to know for that is in
/// `NAME.part.json`, without any URL.
///
/// If the URL is refused, cut off again and again or too slow, the task is asked once for a fresh
/// one, and then the gateway for the video itself.
///
/// # Examples
///
/// ```no_run
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use seedance_query::Client;
///
/// let client = Client::from_env()?;
/// let task_id = "asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F".parse()?;
/// let response = client.query(&task_id).await?;
/// let url = response.result_url().ok_or("there is no video yet")?;
///
/// let video = client.download(&task_id, url).into_dir("videos").await?;
/// println!("{}  {}", video.sha256, video.path.display());
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is downloaded before this is awaited"]
pub struct Download(pub(super) Options);

impl Client {
    /// Prepares the download of a finished task's video.
    ///
    /// The key goes with a request only if the URL is the gateway's own.
    pub fn download(&self, task_id: &TaskId, url: ResultUrl) -> Download {
        Download(Options::new(self.clone(), task_id.clone(), url))
    }
}

impl Download {
    /// Says that this is the video before the enhancement, so that a fresh URL is that one's, too.
    pub fn original(mut self) -> Self {
        self.0.is_original = true;
        self
    }

    /// The directory for the file; it is created if it is missing. The current one by default.
    pub fn into_dir(mut self, directory: impl Into<PathBuf>) -> Self {
        self.0.directory = directory.into();
        self
    }

    /// The name of the file, right in the directory. By default the task id and `.mp4` or
    /// `.original.mp4`, in a form that every file system takes.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.0.file_name = Some(name.into());
        self
    }

    /// Whether a file of the same name is replaced, once the video is complete. Not by default.
    pub fn overwrite(mut self, overwrite: bool) -> Self {
        self.0.overwrite = overwrite;
        self
    }

    /// The most bytes that the video may have; 4 GiB by default.
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.0.max_bytes = bytes;
        self
    }

    /// The longest time without a byte, after which the connection counts as broken; 30 s by
    /// default.
    pub fn stall_timeout(mut self, timeout: Duration) -> Self {
        self.0.stall_timeout = timeout;
        self
    }

    /// The least speed in bytes a second, measured over the stall timeout; 1000 by default. A
    /// server that is slower twice is left for another URL of the video, if there is one.
    pub fn min_speed(mut self, bytes_per_second: u64) -> Self {
        self.0.min_speed = bytes_per_second;
        self
    }

    /// The longest time for the download as a whole, waits included. There is none by default.
    pub fn total_timeout(mut self, timeout: Duration) -> Self {
        self.0.total_timeout = Some(timeout);
        self
    }

    /// How long to wait after HTTP 429 if the server does not tell; 60 s by default. All downloads
    /// of the client from that server wait, and go on more slowly.
    pub fn rate_limit_wait(mut self, wait: Duration) -> Self {
        self.0.rate_limit_wait = wait;
        self
    }

    /// How many tries in a row may bring no new byte; 6 by default, over some 25 s. An answer with
    /// HTTP 429 is no try.
    pub fn tries(mut self, tries: usize) -> Self {
        self.0.tries = tries;
        self
    }

    /// Whether the video has to be whole, as far as can be told; it has by default. Without, also a
    /// file that is cut off at its source, has another checksum than announced or is of an unknown
    /// format is kept, as [`Verification::Unverified`].
    pub fn verify(mut self, verify: bool) -> Self {
        self.0.verify = verify;
        self
    }

    /// Whether the gateway is asked for the video itself (`/v1/videos/{task_id}/content`) if the
    /// task's URL does not help. It is by default; the video before an enhancement is not there.
    pub fn alternatives(mut self, alternatives: bool) -> Self {
        self.0.alternatives = alternatives;
        self
    }

    /// Is told after every piece that came. It should return fast: the download waits for it.
    pub fn on_progress(
        mut self,
        on_progress: impl FnMut(DownloadProgress) + Send + 'static,
    ) -> Self {
        self.0.on_progress = Some(Box::new(on_progress));
        self
    }

    /// Is told before each wait of half a second or more.
    pub fn on_wait(mut self, on_wait: impl FnMut(DownloadWait) + Send + 'static) -> Self {
        self.0.on_wait = Some(Box::new(on_wait));
        self
    }

    /// Downloads the video, but does not give it its name yet.
    ///
    /// # Errors
    ///
    /// See [`DownloadError`], whose predicates tell the kinds apart.
    #[doc(hidden)]
    pub async fn stage(mut self) -> Result<StagedVideo, DownloadError> {
        let name = self.name()?;
        let options = &mut self.0;
        let target = options.directory.join(name);
        let overwrite = options.overwrite;
        let opening = {
            let (target, directory) = (target.clone(), options.directory.clone());
            let storage = Arc::clone(&options.storage);
            move || {
                storage
                    .create_directories(&directory)
                    .map_err(|error| DownloadError::io("created", &directory, error))?;
                check_target(&*storage, &target, overwrite)?;
                SharedPart::open(storage, &part_of(&target))
            }
        };
        let part = joined(tokio::task::spawn_blocking(opening).await)??;
        let total_timeout = options.total_timeout;
        let mut transfer = Transfer::new(options, part.clone());
        let outcome = match total_timeout {
            None => complete(&mut transfer).await,
            Some(limit) => {
                if let Ok(outcome) = tokio::time::timeout(limit, complete(&mut transfer)).await {
                    outcome
                } else {
                    let message = format!("the video did not come within {limit:?}");
                    Err(DownloadError::timed_out(message))
                }
            }
        };
        let (requests, resumed_from) = (transfer.requests, transfer.resumed_from);
        match outcome {
            Ok((verification, sha256)) => {
                let bytes = part.lock().length();
                let outcome = Downloaded {
                    path: target,
                    bytes,
                    sha256,
                    requests,
                    resumed_from,
                    verification,
                };
                Ok(StagedVideo {
                    part,
                    overwrite,
                    outcome,
                })
            }
            Err(error) => {
                let kept = tokio::task::spawn_blocking(move || part.lock().kept());
                Err(error.with_kept(joined(kept.await)?))
            }
        }
    }

    fn name(&self) -> Result<String, DownloadError> {
        let Some(name) = &self.0.file_name else {
            return Ok(video_name(&self.0.task_id, self.0.is_original));
        };
        match file_name::fault(name) {
            Some(fault) => Err(DownloadError::input(format!(
                "the file name {name:?} {fault}"
            ))),
            None => Ok(name.clone()),
        }
    }
}

/// Brings all bytes to the disk.
async fn complete(transfer: &mut Transfer<'_>) -> Result<(Verification, String), DownloadError> {
    let verification = run(transfer).await?;
    let sha256 = transfer.disk("written", SharedPart::sync).await?;
    Ok((verification, sha256))
}

impl IntoFuture for Download {
    type Output = Result<Downloaded, DownloadError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let staged = self.stage().await?;
            joined(tokio::task::spawn_blocking(move || staged.place()).await)?
        })
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The file name of a task's video.
#[doc(hidden)]
#[must_use]
pub fn video_name(id: &TaskId, is_original: bool) -> String {
    let ending = if is_original { ".original.mp4" } else { ".mp4" };
    file_name::for_task(id.as_str(), ending)
}

/// The file name of what is kept beside a task's video.
#[doc(hidden)]
#[must_use]
pub fn capture_name(id: &TaskId) -> String {
    file_name::for_task(id.as_str(), ".http")
}
