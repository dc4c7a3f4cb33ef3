//! The download of one video into a file.

use std::{fmt, path::PathBuf, pin::Pin, sync::Arc, time::Duration};

use super::{
    error::DownloadError,
    options::Options,
    outcome::{DownloadProgress, DownloadWait, Downloaded, StagedVideo, Verification},
    partial_file::{SharedPart, check_target, part_of},
    run::run,
    trace,
    transfer::{Transfer, joined},
};
use crate::{
    client::Client,
    model::{ResultUrl, TaskId, file_name},
};

/// A download of one video; awaiting it starts it.
///
/// The bytes go to `NAME.part`, and the file gets its name when it is complete and synced. After a
/// broken connection, the rest is requested, if the server can tell that the file is still the same.
/// If the process ends or the future is dropped, the next download with the same name resumes; what
/// it needs for that is in `NAME.part.json`, without any URL.
///
/// If the URL is refused, repeatedly cut off or too slow, the task is queried once for a fresh one,
/// and then the gateway is asked for the video itself.
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
    /// Marks this as the video before the enhancement, so that a fresh URL is that one's, too.
    pub fn original(mut self) -> Self {
        self.0.is_original = true;
        self
    }

    /// The directory for the file; it is created if it is missing. The current one by default.
    pub fn into_dir(mut self, directory: impl Into<PathBuf>) -> Self {
        self.0.directory = directory.into();
        self
    }

    /// The name of the file, directly in the directory. By default the task id and `.mp4` or
    /// `.original.mp4`, in a form that every file system accepts.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.0.file_name = Some(name.into());
        self
    }

    /// Whether a file of the same name is replaced, once the video is complete. Not by default.
    pub fn overwrite(mut self, overwrite: bool) -> Self {
        self.0.overwrite = overwrite;
        self
    }

    /// Maximum size of the video in bytes; 4 GiB by default.
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.0.max_bytes = bytes;
        self
    }

    /// Maximum time without a byte, after which the connection counts as broken; 30 s by default.
    pub fn stall_timeout(mut self, timeout: Duration) -> Self {
        self.0.stall_timeout = timeout;
        self
    }

    /// Minimum speed in bytes a second, measured over the stall timeout; 1000 by default. After two
    /// slower transfers, another URL of the video is used, if there is one.
    pub fn min_speed(mut self, bytes_per_second: u64) -> Self {
        self.0.min_speed = bytes_per_second;
        self
    }

    /// Timeout of the whole download, waits included; none by default.
    pub fn total_timeout(mut self, timeout: Duration) -> Self {
        self.0.total_timeout = Some(timeout);
        self
    }

    /// How long to wait after HTTP 429 without `Retry-After`; 60 s by default. All downloads of the
    /// client from that server wait, and go on more slowly.
    pub fn rate_limit_wait(mut self, wait: Duration) -> Self {
        self.0.rate_limit_wait = wait;
        self
    }

    /// Maximum number of consecutive tries without a new byte; 6 by default, over some 25 s. An
    /// answer with HTTP 429 is not a try.
    pub fn tries(mut self, tries: usize) -> Self {
        self.0.tries = tries;
        self
    }

    /// Whether the video has to be whole, as far as can be checked; true by default. If false, a file
    /// that is cut off at its source, has another checksum than announced or has an unknown format is
    /// kept, too, as [`Verification::Unverified`].
    pub fn verify(mut self, verify: bool) -> Self {
        self.0.verify = verify;
        self
    }

    /// Whether the gateway is asked for the video itself (`/v1/videos/{task_id}/content`) if the
    /// task's URL does not help; true by default. It never has the video before an enhancement.
    pub fn alternatives(mut self, alternatives: bool) -> Self {
        self.0.alternatives = alternatives;
        self
    }

    /// Whether the video may be requested from private, loopback and link-local addresses, where the
    /// gateway is not itself; false by default. A gateway on this machine or in a private network
    /// can use URLs of that same network in any case.
    pub fn allow_private(mut self, allow: bool) -> Self {
        self.0.allow_private = allow;
        self
    }

    /// Whether the video may be requested without TLS although the gateway has TLS; false by
    /// default, and an `http` URL is then requested as `https`.
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.0.allow_http = allow;
        self
    }

    /// Called after every piece received. It should return fast: the download waits for it.
    pub fn on_progress(
        mut self,
        on_progress: impl FnMut(DownloadProgress) + Send + 'static,
    ) -> Self {
        self.0.on_progress = Some(Box::new(on_progress));
        self
    }

    /// Called before each wait of half a second or more.
    pub fn on_wait(mut self, on_wait: impl FnMut(DownloadWait) + Send + 'static) -> Self {
        self.0.on_wait = Some(Box::new(on_wait));
        self
    }

    /// Downloads the video without giving it its name.
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
                let part = SharedPart::open(Arc::clone(&storage), &part_of(&target))?;
                // Whoever had the lock can have given the file its name.
                check_target(&*storage, &target, overwrite)
                    .map_err(|error| error.with_kept(part.lock().kept()))?;
                Ok(part)
            }
        };
        let part = joined(tokio::task::spawn_blocking(opening).await)??;
        let total_timeout = options.total_timeout;
        let task_id = options.task_id.clone();
        let mut transfer = Transfer::new(options, part.clone());
        let completing = async {
            let Some(limit) = total_timeout else {
                return complete(&mut transfer).await;
            };
            let completed = tokio::time::timeout(limit, complete(&mut transfer)).await;
            completed.unwrap_or_else(|_| {
                let message = format!("the video did not arrive within {limit:?}");
                Err(DownloadError::timed_out(message))
            })
        };
        let outcome = trace::in_download(&task_id, completing).await;
        let (requests, resumed_from) = (transfer.requests, transfer.resumed_from);
        match outcome {
            Ok((verification, sha256)) => {
                let bytes = part.lock().length();
                trace::completed(&task_id, bytes, verification, requests);
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
                let error = error.with_kept(joined(kept.await)?);
                trace::failed(&task_id, &error, requests);
                Err(error)
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

/// Downloads all bytes, and syncs them.
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
