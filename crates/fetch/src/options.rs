//! The options of a batch.

use std::{
    num::{NonZeroU32, NonZeroUsize},
    path::PathBuf,
    time::Duration,
};

use super::store_url::StoreUrl;
use seedance_query::{client::Client, model::TaskId, poll::WaitPolicy};

/// The settings of a batch.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a choice of its own; any combination can occur"
)]
pub(super) struct Options {
    pub client: Client,
    pub directory: PathBuf,
    /// Where videos go from the directory, if they do not stay there.
    pub store: Option<StoreUrl>,
    pub ids: Vec<TaskId>,
    pub policy: WaitPolicy,
    pub downloads: NonZeroUsize,
    /// The maximum number of tasks that a run holds, if others can have the rest.
    pub held_at_a_time: Option<NonZeroUsize>,
    pub requests_per_second: Option<NonZeroU32>,
    pub originals: bool,
    pub forgotten: Vec<TaskId>,
    pub max_bytes: Option<u64>,
    pub min_speed: Option<u64>,
    pub download_timeout: Option<Duration>,
    pub verify: bool,
    pub allow_private: bool,
    pub allow_http: bool,
}
