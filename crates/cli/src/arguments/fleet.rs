//! What a worker of a fleet takes.

use std::{
    num::{NonZeroU32, NonZeroUsize},
    time::Duration,
};

use super::values::duration;

/// The ledger that the workers of a fleet share.
#[derive(clap::Args)]
pub(crate) struct FleetArguments {
    /// Ledger that any number of workers share, such as `postgres://user@host/database`
    #[arg(long, value_name = "URL", conflicts_with = "verify")]
    pub ledger: Option<String>,
    /// How long after the death of a worker the others take its tasks over
    #[arg(
        long,
        value_name = "TIME",
        default_value = "60s",
        value_parser = duration,
        requires = "ledger"
    )]
    pub lease: Duration,
    /// Maximum number of tasks that this worker holds
    #[arg(
        long,
        value_name = "NUMBER",
        default_value = "256",
        requires = "ledger"
    )]
    pub hold: NonZeroUsize,
    /// Maximum number of concurrent downloads of all workers; the one that joined last sets it
    #[arg(long, value_name = "NUMBER", requires = "ledger")]
    pub fleet_downloads: Option<NonZeroU32>,
    /// How long the ledger may be away before this worker ends
    #[arg(
        long,
        value_name = "TIME",
        default_value = "5m",
        value_parser = duration,
        requires = "ledger"
    )]
    pub ledger_timeout: Duration,
}
