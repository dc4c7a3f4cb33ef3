//! What the commands take that are about one task.

use std::path::PathBuf;

use super::gateway::{DownloadingArguments, GatewayArguments, WaitingArguments};

#[derive(clap::Args)]
pub(crate) struct GetArguments {
    /// The task id that the submit call returned
    pub task_id: String,
    #[command(flatten)]
    pub gateway: GatewayArguments,
    /// Print the body as received, with its signed URLs
    #[arg(long)]
    pub json: bool,
}

#[derive(clap::Args)]
pub(crate) struct WaitArguments {
    /// The task id that the submit call returned
    pub task_id: String,
    #[command(flatten)]
    pub gateway: GatewayArguments,
    #[command(flatten)]
    pub waiting: WaitingArguments,
    /// Print one JSON object per line
    #[arg(long)]
    pub json: bool,
}

#[derive(clap::Args)]
pub(crate) struct DownloadArguments {
    /// The task id that the submit call returned
    pub task_id: String,
    #[command(flatten)]
    pub gateway: GatewayArguments,
    #[command(flatten)]
    pub waiting: WaitingArguments,
    #[command(flatten)]
    pub downloading: DownloadingArguments,
    /// Directory of the file
    #[arg(long, value_name = "DIR", default_value = ".", value_parser = super::values::directory())]
    pub into: PathBuf,
    /// Name of the file [default: the task id and .mp4]
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Download the video before the enhancement (super-resolution tasks)
    #[arg(long)]
    pub original: bool,
    /// Replace an existing file
    #[arg(long)]
    pub overwrite: bool,
    /// Print one JSON object per line
    #[arg(long)]
    pub json: bool,
}
