//! Downloading a finished video.

mod error;
mod error_page;
mod exchange;
mod file_lock;
mod mp4;
mod outcome;
mod partial_file;
mod range;
mod refresh_url;
mod request;
mod resume_state;
mod transfer;
mod verify;

use std::{fmt, fs, io, path::PathBuf, pin::Pin, time::Duration};

#[doc(hidden)]
pub use self::outcome::Verified;
#[doc(hidden)]
pub use self::verify::verify;
pub use self::{
    error::DownloadError,
    outcome::{DownloadProgress, Downloaded},
};
use self::{
    outcome::{kept, part_of},
    partial_file::Owner,
    transfer::{Transfer, joined},
};
use crate::{
    client::Client,
    model::{ResultUrl, TaskId, file_name},
};

const MAX_BYTES: u64 = 4 << 30;
const STALL_TIMEOUT: Duration = Duration::from_secs(30);
const TRIES: usize = 6;

/// A download that is prepared; awaiting it makes it happen.
///
/// The bytes go to `NAME.part`, and the file gets its name when it is complete and safe on the
/// disk. A connection that breaks is followed by another one for the rest, as far as the server can
/// tell that the file is still the same. Should the process end or the future be dropped, the next
/// download with the same name goes on from there; what it needs to know for that is in
/// `NAME.part.json`, without any URL.
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
pub struct Download {
    client: Client,
    task_id: TaskId,
    url: ResultUrl,
    is_original: bool,
    directory: PathBuf,
    file_name: Option<String>,
    overwrite: bool,
    max_bytes: u64,
    stall_timeout: Duration,
    tries: usize,
    on_progress: Option<Box<dyn FnMut(DownloadProgress) + Send>>,
}

impl Client {
    /// Prepares the download of a finished task's video.
    ///
    /// If the URL is refused or there is none, the task is asked once for a fresh one. The key goes
    /// with the request only if the URL is the gateway's own.
    pub fn download(&self, task_id: &TaskId, url: ResultUrl) -> Download {
        Download {
            client: self.clone(),
            task_id: task_id.clone(),
            url,
            is_original: false,
            directory: PathBuf::from("."),
            file_name: None,
            overwrite: false,
            max_bytes: MAX_BYTES,
            stall_timeout: STALL_TIMEOUT,
            tries: TRIES,
            on_progress: None,
        }
    }
}

impl Download {
    /// Says that this is the video before the enhancement, so that a fresh URL is that one's, too.
    pub fn original(mut self) -> Self {
        self.is_original = true;
        self
    }

    /// The directory for the file; it is created if it is missing. The current one by default.
    pub fn into_dir(mut self, directory: impl Into<PathBuf>) -> Self {
        self.directory = directory.into();
        self
    }

    /// The name of the file, right in the directory. By default the task id and `.mp4` or
    /// `.original.mp4`, in a form that every file system takes.
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = Some(name.into());
        self
    }

    /// Whether a file of the same name is replaced, once the video is complete. Not by default.
    pub fn overwrite(mut self, overwrite: bool) -> Self {
        self.overwrite = overwrite;
        self
    }

    /// The most bytes that the video may have; 4 GiB by default.
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// The longest time without a byte, after which the connection counts as broken; 30 s by
    /// default. The download as a whole has no time limit.
    pub fn stall_timeout(mut self, timeout: Duration) -> Self {
        self.stall_timeout = timeout;
        self
    }

    /// How many tries in a row may bring no new byte; 6 by default, over some 25 s.
    pub fn tries(mut self, tries: usize) -> Self {
        self.tries = tries;
        self
    }

    /// Is told after every piece that came. It should return fast: the download waits for it.
    pub fn on_progress(
        mut self,
        on_progress: impl FnMut(DownloadProgress) + Send + 'static,
    ) -> Self {
        self.on_progress = Some(Box::new(on_progress));
        self
    }

    /// Downloads the video, but does not give it its name yet.
    ///
    /// # Errors
    ///
    /// See [`DownloadError`], whose predicates tell the kinds apart.
    #[doc(hidden)]
    pub async fn run(mut self) -> Result<Verified, DownloadError> {
        let name = self.name()?;
        let target = self.directory.join(name);
        let (directory, overwrite) = (self.directory.clone(), self.overwrite);
        let opening = {
            let target = target.clone();
            move || {
                fs::create_dir_all(&directory)
                    .map_err(|error| DownloadError::io("created", &directory, error))?;
                match fs::symlink_metadata(&target) {
                    Ok(metadata) if metadata.is_dir() => {
                        let error = io::ErrorKind::IsADirectory.into();
                        return Err(DownloadError::io("written", &target, error));
                    }
                    Ok(_) if !overwrite => return Err(DownloadError::exists(&target)),
                    Err(error) if error.kind() != io::ErrorKind::NotFound => {
                        return Err(DownloadError::io("read", &target, error));
                    }
                    _ => {}
                }
                Owner::open(&part_of(&target))
            }
        };
        let owner = joined(tokio::task::spawn_blocking(opening).await)??;
        let part = owner.share();
        let mut transfer = Transfer::new(&mut self, part.clone());
        let outcome = match transfer.run().await {
            Ok(()) => transfer.finish().await,
            Err(error) => Err(error),
        };
        let (requests, resumed_from) = (transfer.requests, transfer.resumed_from);
        match outcome {
            Ok(sha256) => Ok(Verified {
                outcome: Downloaded {
                    path: target,
                    bytes: part.lock().length(),
                    sha256,
                    requests,
                    resumed_from,
                },
                owner,
                overwrite,
            }),
            Err(error) => {
                let kept = joined(tokio::task::spawn_blocking(move || kept(&part)).await)?;
                Err(error.with_kept(kept))
            }
        }
    }

    fn name(&self) -> Result<String, DownloadError> {
        let Some(name) = &self.file_name else {
            return Ok(video_name(&self.task_id, self.is_original));
        };
        match file_name::fault(name) {
            Some(fault) => Err(DownloadError::input(format!(
                "the file name {name:?} {fault}"
            ))),
            None => Ok(name.clone()),
        }
    }
}

impl IntoFuture for Download {
    type Output = Result<Downloaded, DownloadError>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let verified = self.run().await?;
            joined(tokio::task::spawn_blocking(move || verified.place()).await)?
        })
    }
}

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("task_id", &self.task_id)
            .field("url", &self.url)
            .field("is_original", &self.is_original)
            .field("directory", &self.directory)
            .field("file_name", &self.file_name)
            .field("overwrite", &self.overwrite)
            .field("max_bytes", &self.max_bytes)
            .field("stall_timeout", &self.stall_timeout)
            .field("tries", &self.tries)
            .finish_non_exhaustive()
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
