//! What the commands share that ask a gateway.

use std::{path::PathBuf, time::Duration};

use super::values::duration;

/// What every command that asks a gateway takes.
#[derive(clap::Args)]
pub(crate) struct GatewayArguments {
    /// The gateway, such as `https://gateway.example`; otherwise `SEEDANCE_BASE_URL` is used
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// The longest time for a request, such as `30s`
    #[arg(long, value_name = "TIME", default_value = "30s", value_parser = duration)]
    pub timeout: Duration,
    #[command(flatten)]
    pub record: RecordArguments,
}

/// What every command that sees responses takes.
#[derive(clap::Args)]
pub(crate) struct RecordArguments {
    /// Keep each response as a file in this directory, without keys and signatures
    #[arg(long, value_name = "DIR")]
    pub record: Option<PathBuf>,
    /// Take out of these files, too, which user, channel or account it was
    #[arg(long, requires = "record")]
    pub redact_ids: bool,
    /// Keep signed URLs in these files, but never the key; asks first
    #[arg(long, requires = "record", conflicts_with = "redact_ids")]
    pub unredacted: bool,
}

/// What every command that waits takes.
#[derive(clap::Args)]
pub(crate) struct WaitingArguments {
    /// The longest time to wait for a task, such as `45m` or `2h`
    #[arg(long, value_name = "TIME", default_value = "30m", value_parser = duration)]
    pub deadline: Duration,
    /// The time between two queries of a task
    #[arg(long, value_name = "TIME", default_value = "15s", value_parser = duration)]
    pub interval: Duration,
}
