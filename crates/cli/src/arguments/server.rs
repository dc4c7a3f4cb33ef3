//! What `proxy`, `mock` and `demo` take.

use std::{path::PathBuf, time::Duration};

use super::{
    gateway::RecordArguments,
    values::{duration, factor, part},
};

#[derive(clap::Args)]
pub(crate) struct ProxyArguments {
    /// The gateway that everything goes to, such as `https://gateway.example`
    #[arg(long, value_name = "URL")]
    pub upstream: String,
    /// The address for clients
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub listen: std::net::SocketAddr,
    #[command(flatten)]
    pub record: RecordArguments,
    /// The longest time for the gateway to begin a response
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration)]
    pub timeout: Duration,
    /// The longest time for what is on its way when it is stopped, and then for checking it
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration)]
    pub grace: Duration,
    /// Print one object a line: the address, each response, then the summary
    #[arg(long)]
    pub json: bool,
}

#[derive(clap::Args)]
pub(crate) struct MockArguments {
    /// The address of the gateway; the stores get free ports of the same host
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub listen: std::net::SocketAddr,
    /// How many times as fast its clock runs: a task takes some 150 s of it
    #[arg(long, value_name = "FACTOR", default_value = "1", value_parser = factor)]
    pub speed: f64,
    /// Which part of all requests fails at random, from 0 to 1
    #[arg(long, value_name = "PART", default_value = "0", value_parser = part)]
    pub failure_rate: f64,
    /// The seed of what is random, for a run that can be repeated
    #[arg(long, value_name = "NUMBER", default_value = "1")]
    pub seed: u64,
    /// What happens to every task, besides what its id says; see --list
    #[arg(long, value_name = "NAME")]
    pub fault: Vec<String>,
    /// The length of each video in bytes
    #[arg(long, value_name = "BYTES")]
    pub video_bytes: Option<u64>,
    /// Print the known tasks and faults, and end
    #[arg(long)]
    pub list: bool,
    /// Print the address, the key and the list as one object
    #[arg(long)]
    pub json: bool,
}

#[derive(clap::Args)]
pub(crate) struct DemoArguments {
    /// The directory for the videos; otherwise they go with the demo
    #[arg(long, value_name = "DIR")]
    pub into: Option<PathBuf>,
    /// Print one object a line: each event, then the summary
    #[arg(long)]
    pub json: bool,
}
