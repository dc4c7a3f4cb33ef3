//! What the commands share that query a gateway.

use std::{path::PathBuf, time::Duration};

use super::values::{bytes, duration};

/// How to reach the gateway.
#[derive(clap::Args)]
pub(crate) struct GatewayArguments {
    /// The gateway, such as `https://gateway.example` [default: `SEEDANCE_BASE_URL`]
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Maximum duration of a query, such as `30s`
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = duration)]
    pub timeout: Duration,
    /// Maximum size of an answer, such as `8MB` [default: 4.2MB]
    #[arg(long, value_name = "SIZE", value_parser = bytes)]
    pub max_body: Option<u64>,
    #[command(flatten)]
    pub record: RecordArguments,
}

/// Whether and how to record responses.
#[derive(clap::Args)]
pub(crate) struct RecordArguments {
    /// Record each response as a file in this directory, without keys and signatures
    #[arg(long, value_name = "DIR")]
    pub record: Option<PathBuf>,
    /// Also redact users, channels and accounts in these files
    #[arg(long, requires = "record")]
    pub redact_ids: bool,
    /// Keep signed URLs in these files, but never the key; asks first
    #[arg(long, requires = "record", conflicts_with = "redact_ids")]
    pub unredacted: bool,
}

/// How to wait.
#[derive(clap::Args)]
pub(crate) struct WaitingArguments {
    /// Maximum duration of the wait for a task, such as `45m` or `2h`
    #[arg(
        long,
        value_name = "TIME",
        alias = "deadline",
        default_value = "30m",
        value_parser = duration
    )]
    pub wait_timeout: Duration,
    /// Time between two queries of a task
    #[arg(long, value_name = "TIME", default_value = "15s", value_parser = duration)]
    pub interval: Duration,
    /// How long to keep polling after the upstream has ended but the gateway has not
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration)]
    pub upstream_grace: Duration,
    /// How often to print the state of the wait, if there is no terminal
    #[arg(long, value_name = "TIME", default_value = "1m", value_parser = duration)]
    pub progress_every: Duration,
}

/// How to download.
#[derive(clap::Args)]
pub(crate) struct DownloadingArguments {
    /// Maximum size of a video, such as `500MB` [default: 4.3GB]
    #[arg(long, value_name = "SIZE", value_parser = bytes)]
    pub max_size: Option<u64>,
    /// Minimum speed of a download per second, such as `50kB` [default: 1kB]
    #[arg(long, value_name = "SIZE", value_parser = bytes)]
    pub min_speed: Option<u64>,
    /// Maximum duration of a download, such as `10m` [default: none]
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub download_timeout: Option<Duration>,
    /// Keep a file even if it cannot be verified as a complete video
    #[arg(long)]
    pub no_verify: bool,
    /// Download from private addresses, even where the gateway is not in that network
    #[arg(long)]
    pub allow_private: bool,
    /// Download without TLS, even where the gateway has TLS
    #[arg(long)]
    pub allow_http: bool,
}
