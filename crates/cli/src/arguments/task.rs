//! What the commands take that are about one task.

use std::path::PathBuf;

use super::gateway::{GatewayArguments, WaitingArguments};

#[derive(clap::Args)]
pub(crate) struct GetArguments {
    /// The id that the submit call returned
    pub task_id: String,
    #[command(flatten)]
    pub gateway: GatewayArguments,
    /// Print the body as it came, with its signed URLs, instead of a summary
    #[arg(long)]
    pub json: bool,
}

#[derive(clap::Args)]
pub(crate) struct WaitArguments {
    /// The id that the submit call returned
    pub task_id: String,
    #[command(flatten)]
    pub gateway: GatewayArguments,
    #[command(flatten)]
    pub waiting: WaitingArguments,
    /// Print one object a line instead of a summary
    #[arg(long)]
    pub json: bool,
}

#[derive(clap::Args)]
pub(crate) struct DownloadArguments {
    /// The id that the submit call returned
    pub task_id: String,
    #[command(flatten)]
    pub gateway: GatewayArguments,
    #[command(flatten)]
    pub waiting: WaitingArguments,
    /// The directory for the file
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub into: PathBuf,
    /// The name of the file; otherwise it follows from the task's id
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Download the video before the enhancement, of a super-resolution task
    #[arg(long)]
    pub original: bool,
    /// Replace a file that is there
    #[arg(long)]
    pub overwrite: bool,
    /// Print one object a line instead of a summary
    #[arg(long)]
    pub json: bool,
}
