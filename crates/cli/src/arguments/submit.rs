//! What `submit` takes.

use std::path::PathBuf;

use super::gateway::{DownloadingArguments, GatewayArguments, WaitingArguments};

#[derive(clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub(crate) struct SubmitArguments {
    #[command(flatten)]
    pub request: RequestArguments,
    /// Print the request that would be sent, and send nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Maximum duration of the submission, such as `2m` [default: 2m, or --timeout if that is longer]
    #[arg(long, value_name = "TIME", value_parser = super::values::duration)]
    pub submit_timeout: Option<std::time::Duration>,
    /// Poll until the task ends
    #[arg(long, conflicts_with = "into")]
    pub wait: bool,
    /// Wait, and download the video into this directory
    #[arg(long, value_name = "DIR", value_parser = super::values::directory())]
    pub into: Option<PathBuf>,
    /// Note the submission in the ledger of this directory before it is sent [default: that of --into]
    #[arg(long, value_name = "DIR")]
    pub ledger: Option<PathBuf>,
    /// Submit, also if the ledger says that the same request was perhaps submitted
    #[arg(long)]
    pub again: bool,
    #[command(flatten)]
    pub gateway: GatewayArguments,
    #[command(flatten)]
    pub waiting: WaitingArguments,
    #[command(flatten)]
    pub downloading: DownloadingArguments,
    /// Print one JSON object per line
    #[arg(long)]
    pub json: bool,
}

/// What the task is to make.
#[derive(clap::Args)]
pub(crate) struct RequestArguments {
    /// A request in JSON, or `-` for stdin; the options below replace its members
    #[arg(long, value_name = "FILE")]
    pub request: Option<PathBuf>,
    /// The model, such as `seedance-2.0`
    #[arg(long, value_name = "NAME", required_unless_present = "request")]
    pub model: Option<String>,
    /// The prompt; refers to media as @image1, @video1, @audio1
    #[arg(long, value_name = "TEXT")]
    pub prompt: Option<String>,
    /// An image: an HTTPS URL, `asset://ID` or a file; repeatable
    #[arg(long, value_name = "URL|FILE")]
    pub image: Vec<String>,
    /// The image that the video begins with
    #[arg(long, value_name = "URL|FILE")]
    pub first_frame: Option<String>,
    /// The image that the video ends with
    #[arg(long, value_name = "URL|FILE")]
    pub last_frame: Option<String>,
    /// A video to refer to; repeatable
    #[arg(long, value_name = "URL")]
    pub video: Vec<String>,
    /// Audio to refer to; repeatable
    #[arg(long, value_name = "URL")]
    pub audio: Vec<String>,
    /// The aspect ratio, such as `16:9`
    #[arg(long, value_name = "RATIO")]
    pub ratio: Option<String>,
    /// The resolution, such as `720p`
    #[arg(long, value_name = "NAME")]
    pub resolution: Option<String>,
    /// The length in seconds
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    pub duration: Option<i64>,
    /// The seed
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    pub seed: Option<i64>,
    /// Whether the video has sound
    #[arg(long, value_name = "BOOL")]
    pub generate_audio: Option<bool>,
    /// Whether the video is marked
    #[arg(long, value_name = "BOOL")]
    pub watermark: Option<bool>,
    /// Whether the last frame is returned as an image
    #[arg(long, value_name = "BOOL")]
    pub return_last_frame: Option<bool>,
}
