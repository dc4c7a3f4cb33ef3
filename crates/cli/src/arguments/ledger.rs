//! What `ledger` takes.

use std::{net::SocketAddr, path::PathBuf};

use seedance_query::TaskId;

use super::values::listen_address;

#[derive(clap::Args)]
pub(crate) struct LedgerArguments {
    /// The directory of the ledger, or the URL of one that workers share
    #[arg(value_name = "DIR")]
    pub directory: PathBuf,
    /// This submission began this task; repeatable
    #[arg(long, value_name = "NUMBER=TASK_ID", value_parser = began)]
    pub submitted: Vec<Began>,
    /// This submission surely began no task; repeatable
    #[arg(long, value_name = "NUMBER")]
    pub not_submitted: Vec<u64>,
    /// Serve metrics of a ledger that workers share, for Prometheus, at /metrics of this address
    #[arg(
        long,
        value_name = "ADDRESS",
        value_parser = listen_address,
        conflicts_with_all = ["submitted", "not_submitted", "json"]
    )]
    pub metrics: Option<SocketAddr>,
    /// Print one JSON object per line for each task and each submission
    #[arg(long)]
    pub json: bool,
}

/// A submission and the task that it began.
#[derive(Clone, Debug)]
pub(crate) struct Began {
    pub number: u64,
    pub task_id: TaskId,
}

fn began(text: &str) -> Result<Began, String> {
    let (number, id) = text
        .split_once('=')
        .ok_or("expected a number and a task id, such as `3=asyntask_...`")?;
    Ok(Began {
        number: number
            .parse()
            .map_err(|_| format!("`{number}` is no number of a submission"))?,
        task_id: TaskId::from_input(id).map_err(|error| error.to_string())?,
    })
}
