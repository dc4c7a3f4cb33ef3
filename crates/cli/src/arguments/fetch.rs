//! What `fetch` takes.

use std::{
    num::{NonZeroU32, NonZeroUsize},
    path::{Path, PathBuf},
};

use super::{
    fleet::FleetArguments,
    gateway::{DownloadingArguments, GatewayArguments, WaitingArguments},
};

#[derive(clap::Args)]
pub(crate) struct FetchArguments {
    /// The task ids that the submit calls returned
    #[arg(value_name = "TASK_ID")]
    pub task_ids: Vec<String>,
    /// File with one task id per line, or - for standard input, read as it comes; # starts a comment
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// Directory for videos, captures and, without --ledger, the ledger; or a place for the videos in an
    /// object store: s3://bucket/prefix, gs://bucket/prefix, az://container/prefix or file:///directory
    #[arg(long, value_name = "DIR|URL")]
    pub into: PathBuf,
    /// With an object store: directory for downloads on their way, captures and, without --ledger, the ledger
    #[arg(long, value_name = "DIR")]
    pub scratch: Option<PathBuf>,
    #[command(flatten)]
    pub fleet: FleetArguments,
    #[command(flatten)]
    pub gateway: GatewayArguments,
    #[command(flatten)]
    pub waiting: WaitingArguments,
    #[command(flatten)]
    pub downloading: DownloadingArguments,
    /// Also fetch the videos before the enhancement (super-resolution tasks)
    #[arg(long)]
    pub original: bool,
    /// Remove a task from the ledger; its files stay
    #[arg(long, value_name = "TASK_ID")]
    pub forget: Vec<String>,
    /// Compare the files with the ledger, and query nothing
    #[arg(long, conflicts_with_all = ["task_ids", "from", "forget", "original"])]
    pub verify: bool,
    /// Maximum number of concurrent downloads
    #[arg(long, value_name = "NUMBER", default_value = "4")]
    pub downloads: NonZeroUsize,
    /// Maximum number of queries per second, over all tasks and, with --ledger, all workers; the one that
    /// joined last sets it [default: 20]
    #[arg(long, value_name = "NUMBER")]
    pub rate: Option<NonZeroU32>,
    /// Print one JSON object per line: each event, then the summary
    #[arg(long)]
    pub json: bool,
}

impl FetchArguments {
    /// Whether ids come on standard input.
    pub fn takes_ids_from_standard_input(&self) -> bool {
        self.from.as_deref() == Some(Path::new("-"))
    }
}
