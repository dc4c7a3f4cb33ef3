//! What `validate` takes.

use std::path::PathBuf;

use clap::ValueEnum;
use seedance_traffic::{Place, Places};

use super::gate::GateArguments;

#[derive(clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub(crate) struct ValidateArguments {
    /// Files, directories, or - for standard input
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Keep reading a file as it grows, until Ctrl-C; it may be rotated
    #[arg(short = 'F', long)]
    pub follow: bool,
    /// Where bodies are in JSON records: a JSON Pointer, or names such as .http.body
    #[arg(long, value_name = "PLACE")]
    pub body_at: Option<Place>,
    /// Where the HTTP status is in JSON records
    #[arg(long, value_name = "PLACE", requires = "body_at")]
    pub status_at: Option<Place>,
    /// Where the time is in JSON records
    #[arg(long, value_name = "PLACE", requires = "body_at")]
    pub time_at: Option<Place>,
    /// The column with the bodies in CSV or TSV: its name or number
    #[arg(long, value_name = "COLUMN")]
    pub column: Option<String>,
    /// Output format
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Write to a file instead of standard output; the counts are still printed
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Print nothing but errors of usage; the exit status tells
    #[arg(short, long)]
    pub quiet: bool,
    /// Print a summary: counts, distinct findings, fields and values seen
    #[arg(long)]
    pub summary: bool,
    /// Write the summary to a file that `summary` merges with others and prints
    #[arg(long, value_name = "FILE")]
    pub summary_out: Option<PathBuf>,
    /// Print the timeline of each task
    #[arg(long)]
    pub timeline: bool,
    #[command(flatten)]
    pub gate: GateArguments,
}

impl ValidateArguments {
    /// Where bodies, statuses and times stand in the inputs.
    pub fn places(&self) -> Places {
        Places {
            body: self.body_at.clone(),
            status: self.status_at.clone(),
            time: self.time_at.clone(),
            column: self.column.clone(),
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
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
