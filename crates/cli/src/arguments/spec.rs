//! What `spec` takes.

use std::path::PathBuf;

use clap::ValueEnum;

#[derive(clap::Args)]
pub(crate) struct SpecArguments {
    /// Print a JSON Schema 2020-12 instead: of a reading, or of the reports on it
    #[arg(long, value_enum)]
    pub schema: Option<Schema>,
    /// Compare two documents instead
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"], conflicts_with = "schema")]
    pub diff: Option<Vec<PathBuf>>,
    /// The captured responses to try both on; otherwise tests/captures, if it is there
    #[arg(long, value_name = "DIR", requires = "diff")]
    pub captures: Option<PathBuf>,
    /// Print the changes as one object
    #[arg(long, requires = "diff")]
    pub json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Schema {
    /// What a client must be able to rely on
    Contract,
    /// The contract and all that the documentation promises
    Documentation,
    /// A line of `validate --format json`
    Report,
}
