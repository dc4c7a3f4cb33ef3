//! What `proxy`, `mock`, `playground` and `demo` take.

use std::{ffi::OsString, path::PathBuf, time::Duration};

use url::Url;

use super::{
    gate::GateArguments,
    gateway::RecordArguments,
    report::ReportArguments,
    values::{EnvVariable, duration, env_variable, factor, listen_address, part, public_url},
};

#[derive(clap::Args)]
pub(crate) struct ProxyArguments {
    /// The gateway, such as `https://gateway.example`
    #[arg(long, value_name = "URL")]
    pub upstream: String,
    /// Port or address for clients; a port alone is one of this machine
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0", value_parser = listen_address)]
    pub listen: std::net::SocketAddr,
    #[command(flatten)]
    pub record: RecordArguments,
    /// Maximum time until the gateway starts a response
    #[arg(long, value_name = "TIME", default_value = "10m", value_parser = duration)]
    pub timeout: Duration,
    /// Maximum time that a client may send or take nothing
    #[arg(long, value_name = "TIME", default_value = "2m", value_parser = duration)]
    pub idle_timeout: Duration,
    /// Maximum time for open requests to finish after a stop, and again for validation
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = duration)]
    pub grace: Duration,
    /// Print one JSON object per line: the address, each response, then the summary
    #[arg(long, conflicts_with_all = ["format", "output", "quiet"])]
    pub json: bool,
    #[command(flatten)]
    pub report: ReportArguments,
    #[command(flatten)]
    pub gate: GateArguments,
    /// Set this variable of the command, too, to the address and the path, such as OPENAI_BASE_URL=/v1
    #[arg(long, value_name = "NAME[=PATH]", requires = "command", value_parser = env_variable)]
    pub env: Vec<EnvVariable>,
    /// Run this command with its gateway replaced, and end with it
    #[arg(last = true, value_name = "COMMAND")]
    pub command: Vec<OsString>,
}

/// The software that the mock behaves like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Like {
    /// The open-source gateway that such services run
    NewApi,
    /// The same with a channel that hides the upstream: every URL is the gateway's own
    NewApiWhiteLabel,
}

#[derive(clap::Args)]
pub(crate) struct MockArguments {
    /// Port or address of the gateway; a port alone is one of this machine
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0", value_parser = listen_address)]
    pub listen: std::net::SocketAddr,
    /// Serve the videos at another port, as gateways do, and refuse the key there
    #[arg(long, value_name = "ADDRESS", value_parser = listen_address)]
    pub storage_listen: Option<std::net::SocketAddr>,
    /// URL by which clients reach it, if not the one that they ask, such as that of a tunnel
    #[arg(long, value_name = "URL", value_parser = public_url)]
    pub public_url: Option<Url>,
    /// API key that clients need
    #[arg(long, value_name = "KEY", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub key: Option<String>,
    /// Behave like this software, limits included, instead of as documented
    #[arg(long, value_name = "NAME")]
    pub like: Option<Like>,
    /// Print each request
    #[arg(long, short = 'v', visible_alias = "verbose")]
    pub log: bool,
    /// Speed of its clock: at 1, a task takes about 150 s
    #[arg(long, value_name = "FACTOR", default_value = "1", value_parser = factor)]
    pub speed: f64,
    /// Share of requests that fail at random, from 0 to 1
    #[arg(long, value_name = "PART", default_value = "0", value_parser = part)]
    pub failure_rate: f64,
    /// Seed of the random faults, for reproducible runs
    #[arg(long, value_name = "NUMBER", default_value = "1")]
    pub seed: u64,
    /// Apply a fault to every task; see --list
    #[arg(long, value_name = "NAME")]
    pub fault: Vec<String>,
    /// Length of each video in bytes
    #[arg(long, value_name = "BYTES")]
    pub video_bytes: Option<u64>,
    /// Print the known tasks and faults, and exit
    #[arg(long)]
    pub list: bool,
    /// Print the address, the key and the list as a JSON object, and requests as one each
    #[arg(long)]
    pub json: bool,
}

#[derive(clap::Args)]
pub(crate) struct PlaygroundArguments {
    /// Send the requests to this gateway instead of a mock, such as `https://gateway.example`
    #[arg(long, value_name = "URL")]
    pub upstream: Option<String>,
    /// Address of the page
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub listen: std::net::SocketAddr,
    /// Speed of the mock's clock: at 10, a task takes about 15 s
    #[arg(long, value_name = "FACTOR", default_value = "10", value_parser = factor, conflicts_with = "upstream")]
    pub speed: f64,
    /// Print the address as a JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(clap::Args)]
pub(crate) struct DemoArguments {
    /// Directory for the videos; without it they are deleted on exit
    #[arg(long, value_name = "DIR")]
    pub into: Option<PathBuf>,
    /// Print one JSON object per line: each event, then the summary
    #[arg(long)]
    pub json: bool,
}
