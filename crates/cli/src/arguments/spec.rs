//! What `spec` takes.

use std::path::PathBuf;

use clap::ValueEnum;

#[derive(clap::Args)]
pub(crate) struct SpecArguments {
    /// Print a JSON Schema (2020-12) instead
    #[arg(long, value_enum)]
    pub schema: Option<Schema>,
    /// Compare two documents instead
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"], conflicts_with = "schema")]
    pub diff: Option<Vec<PathBuf>>,
    /// Captures to validate against both [default: tests/captures, if it exists]
    #[arg(long, value_name = "DIR", requires = "diff")]
    pub captures: Option<PathBuf>,
    /// Print the changes as a JSON object
    #[arg(long, requires = "diff")]
    pub json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Schema {
    /// What clients can rely on
    Contract,
    /// The contract and everything else that is documented
    Documentation,
    /// A line of `validate --format json`
    Report,
}
