//! What a download is to do, and within which limits.

use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use super::{
    disk::Disk,
    outcome::{DownloadProgress, DownloadWait},
    storage::Storage,
};
use crate::{
    client::Client,
    model::{ResultUrl, TaskId},
};

const MAX_BYTES: u64 = 4 << 30;
const STALL_TIMEOUT: Duration = Duration::from_secs(30);
const MIN_SPEED: u64 = 1000;
const RATE_LIMIT_WAIT: Duration = Duration::from_mins(1);
const TRIES: usize = 6;

#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a choice of its own; any combination can occur"
)]
pub(super) struct Options {
    pub client: Client,
    pub task_id: TaskId,
    pub url: ResultUrl,
    pub is_original: bool,
    pub directory: PathBuf,
    pub file_name: Option<String>,
    pub overwrite: bool,
    pub max_bytes: u64,
    pub stall_timeout: Duration,
    pub min_speed: u64,
    pub total_timeout: Option<Duration>,
    pub rate_limit_wait: Duration,
    pub tries: usize,
    pub verify: bool,
    pub alternatives: bool,
    pub on_progress: Option<Box<dyn FnMut(DownloadProgress) + Send>>,
    pub on_wait: Option<Box<dyn FnMut(DownloadWait) + Send>>,
    pub storage: Arc<dyn Storage>,
}

impl Options {
    pub fn new(client: Client, task_id: TaskId, url: ResultUrl) -> Self {
        Self {
            client,
            task_id,
            url,
            is_original: false,
            directory: PathBuf::from("."),
            file_name: None,
            overwrite: false,
            max_bytes: MAX_BYTES,
            stall_timeout: STALL_TIMEOUT,
            min_speed: MIN_SPEED,
            total_timeout: None,
            rate_limit_wait: RATE_LIMIT_WAIT,
            tries: TRIES,
            verify: true,
            alternatives: true,
            on_progress: None,
            on_wait: None,
            storage: Arc::new(Disk),
        }
    }
}

impl fmt::Debug for Options {
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
            .field("min_speed", &self.min_speed)
            .field("total_timeout", &self.total_timeout)
            .field("rate_limit_wait", &self.rate_limit_wait)
            .field("tries", &self.tries)
            .field("verify", &self.verify)
            .field("alternatives", &self.alternatives)
            .finish_non_exhaustive()
    }
}
