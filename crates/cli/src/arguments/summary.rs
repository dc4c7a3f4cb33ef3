//! What `summary` takes.

use std::path::PathBuf;

use clap::ValueEnum;

use super::gate::FailOn;

#[derive(clap::Args)]
pub(crate) struct SummaryArguments {
    #[command(subcommand)]
    pub action: SummaryAction,
}

#[derive(clap::Subcommand)]
pub(crate) enum SummaryAction {
    /// Merge parts into one, in any order; an input in several parts counts once
    Merge(MergeArguments),
    /// Print the summary of one part or of several, as `validate --summary` of all inputs would
    Show(ShowArguments),
}

#[derive(clap::Args)]
pub(crate) struct MergeArguments {
    /// Parts that `validate --summary-out` or `summary merge` wrote
    #[arg(required = true, value_name = "PART")]
    pub parts: Vec<PathBuf>,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

#[derive(clap::Args)]
pub(crate) struct ShowArguments {
    /// Parts that `validate --summary-out` or `summary merge` wrote
    #[arg(required = true, value_name = "PART")]
    pub parts: Vec<PathBuf>,
    /// Output format
    #[arg(long, value_enum, default_value_t = SummaryFormat::Text)]
    pub format: SummaryFormat,
    /// List everything, as `validate --summary=full` does
    #[arg(long)]
    pub full: bool,
    /// Print the timeline of each task
    #[arg(long)]
    pub timeline: bool,
    /// Write to a file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Exit with 1 on a finding of this severity or above
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = FailOn::Error)]
    pub fail_on: FailOn,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SummaryFormat {
    /// Counts, distinct findings, fields and values seen
    Text,
    /// The last line of `validate --format json --summary`
    Json,
    /// A page for a browser
    Html,
}
