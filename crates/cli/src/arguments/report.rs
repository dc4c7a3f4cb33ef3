//! How findings are reported, of recorded and of live traffic.

use std::path::PathBuf;

use clap::ValueEnum;

#[derive(clap::Args)]
pub(crate) struct ReportArguments {
    /// Output format [default: text]
    #[arg(long, value_enum)]
    pub format: Option<Format>,
    /// Write to a file instead of standard output; the counts are still printed
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Print nothing but errors of usage; the exit status tells
    #[arg(short, long)]
    pub quiet: bool,
    /// Print a summary: counts, distinct findings, coverage; `full` lists everything
    #[arg(
        long,
        value_enum,
        value_name = "EXTENT",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "short"
    )]
    pub summary: Option<SummaryExtent>,
}

impl ReportArguments {
    /// The format, text unless another one is asked for.
    pub fn format(&self) -> Format {
        self.format.unwrap_or(Format::Text)
    }
}

/// How much a summary tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SummaryExtent {
    /// What a screen has room for
    Short,
    /// Also rules, YAML for the spec, values, and fields that never occurred
    Full,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Excerpts with the findings underlined, and counts
    #[value(alias = "human")]
    Text,
    /// One JSON object per line for each response; see `spec --schema report`
    Json,
    /// JUnit XML, each response a test case
    Junit,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations for GitHub Actions
    Github,
    /// A page for a browser
    Html,
}
