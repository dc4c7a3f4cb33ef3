//! What `validate` takes.

use std::path::PathBuf;

use seedance_traffic::{Place, Places};

use super::{gate::GateArguments, report::ReportArguments};

#[derive(clap::Args)]
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
    /// The column with the bodies in CSV, Parquet or Arrow: its name or number
    #[arg(long, value_name = "COLUMN")]
    pub column: Option<String>,
    #[command(flatten)]
    pub report: ReportArguments,
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
