//! What `validate` takes.

use std::path::PathBuf;

use clap::ValueEnum;
use seedance_query::Severity;
use seedance_traffic::Ignore;

#[derive(clap::Args)]
pub(crate) struct ValidateArguments {
    /// Files, directories, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// How to print what is found
    #[arg(long, value_enum, default_value_t = Format::Human)]
    pub format: Format,
    /// Write it to a file instead of standard output; the counts are still printed
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Print what all have in common: counts, drift to be documented, fields and values seen
    #[arg(long)]
    pub summary: bool,
    /// Print the life of each task as far as its polls tell
    #[arg(long)]
    pub timeline: bool,
    /// Exit with 1 if something as bad as this is found [default: error]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub fail_on: Option<FailOn>,
    /// Leave out what a rule finds, everywhere or at a JSON Pointer
    #[arg(long, value_name = "RULE[@POINTER]")]
    pub ignore: Vec<Ignore>,
    /// Write what is found to the baseline, or leave out what it knows
    #[arg(long, value_enum, value_name = "ACTION")]
    pub baseline: Option<BaselineAction>,
    /// The baseline [default: seedance-baseline.toml]
    #[arg(long, value_name = "FILE")]
    pub baseline_file: Option<PathBuf>,
    /// The configuration [default: seedance-query.toml, if it is there]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum Format {
    /// Excerpts with the places underlined, and counts
    Human,
    /// One object a line for each response, in their order; see `spec --schema report`
    Json,
    /// A test report, in which each response is a test
    Junit,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations for a workflow on GitHub
    Github,
    /// One page that shows it all, for a browser
    Html,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FailOn {
    /// On nothing that is found
    Never,
    /// If the contract is violated
    Error,
    /// If the documentation is departed from
    Warning,
    /// If anything is found at all
    Info,
}

impl FailOn {
    /// The least that is bad enough.
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Never => None,
            Self::Error => Some(Severity::Error),
            Self::Warning => Some(Severity::Warning),
            Self::Info => Some(Severity::Info),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BaselineAction {
    /// What is found now is known from now on
    Write,
    /// What is known is left out, and what does not come up any more is named
    Check,
}
