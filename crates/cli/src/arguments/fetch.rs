//! What `fetch` takes.

use std::{
    num::{NonZeroU32, NonZeroUsize},
    path::PathBuf,
};

use super::gateway::{GatewayArguments, WaitingArguments};

#[derive(clap::Args)]
pub(crate) struct FetchArguments {
    /// The ids that the submit calls returned
    #[arg(value_name = "TASK_ID")]
    pub task_ids: Vec<String>,
    /// A file with one id a line, or - for standard input; lines that begin with # are passed over
    #[arg(long, value_name = "FILE")]
    pub from: Option<PathBuf>,
    /// The directory for videos, captures and the ledger
    #[arg(long, value_name = "DIR")]
    pub into: PathBuf,
    #[command(flatten)]
    pub gateway: GatewayArguments,
    #[command(flatten)]
    pub waiting: WaitingArguments,
    /// Fetch the videos before the enhancement as well
    #[arg(long)]
    pub original: bool,
    /// Take a task out of the ledger, such as an id that the gateway does not know
    #[arg(long, value_name = "TASK_ID")]
    pub forget: Vec<String>,
    /// How many videos are downloaded at a time
    #[arg(long, value_name = "NUMBER", default_value = "4")]
    pub downloads: NonZeroUsize,
    /// How many queries begin in a second, over all tasks
    #[arg(long, value_name = "NUMBER", default_value = "20")]
    pub rate: NonZeroU32,
    /// Print one object a line: each event, then the summary
    #[arg(long)]
    pub json: bool,
}
