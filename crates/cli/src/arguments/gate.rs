//! What turns findings into an exit status, and which findings count.

use std::path::PathBuf;

use clap::ValueEnum;
use seedance_query::Severity;
use seedance_traffic::Ignore;

/// The same for recorded and for live traffic.
#[derive(clap::Args)]
pub(crate) struct GateArguments {
    /// Exit with 1 on a finding of this severity or above [default: error]
    #[arg(long, value_enum, value_name = "SEVERITY")]
    pub fail_on: Option<FailOn>,
    /// Ignore a rule, everywhere or at a JSON Pointer
    #[arg(long, value_name = "RULE[@POINTER]")]
    pub ignore: Vec<Ignore>,
    /// Write the findings to the baseline, or report only findings that are not in it
    #[arg(long, value_enum, value_name = "ACTION")]
    pub baseline: Option<BaselineAction>,
    /// Baseline [default: seedance-baseline.toml]
    #[arg(long, value_name = "FILE")]
    pub baseline_file: Option<PathBuf>,
    /// Configuration [default: seedance-query.toml, if it exists]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FailOn {
    /// Never
    Never,
    /// On errors: the contract is violated
    Error,
    /// On warnings too: it differs from the documentation
    Warning,
    /// On any finding
    Info,
}

impl FailOn {
    /// The least severity that fails.
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
    /// Accept the present findings
    Write,
    /// Report findings that are not in the baseline, and its stale entries
    Check,
}
