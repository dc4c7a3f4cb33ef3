//! What `spec` takes.

use std::path::PathBuf;

use clap::ValueEnum;

#[derive(clap::Args)]
#[command(group(clap::ArgGroup::new("compared").args(["diff", "since"])))]
pub(crate) struct SpecArguments {
    /// Print a JSON Schema (2020-12) instead
    #[arg(long, value_enum)]
    pub schema: Option<Schema>,
    /// Compare two documents instead
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"], conflicts_with = "schema")]
    pub diff: Option<Vec<PathBuf>>,
    /// Compare documents with what they were at a revision of git instead
    #[arg(long, value_name = "REVISION", conflicts_with_all = ["schema", "diff"], requires = "files")]
    pub since: Option<String>,
    /// The documents that --since compares
    #[arg(value_name = "FILE", requires = "since")]
    pub files: Vec<PathBuf>,
    /// Captures to validate against both [default: tests/captures, if it exists]
    #[arg(long, value_name = "DIR", requires = "compared")]
    pub captures: Option<PathBuf>,
    /// Print the changes as a JSON object
    #[arg(long, requires = "compared")]
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
    /// What `validate --summary-out` writes
    Part,
}
