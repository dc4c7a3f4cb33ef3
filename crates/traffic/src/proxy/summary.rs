//! The summary of the traffic so far.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

use super::exchange_counts::{OperationCount, Validated};
use crate::report::Summary;

/// Counts over all traffic of a proxy, and the summary of the validated responses.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ProxySummary {
    /// The upstream.
    pub upstream: String,
    /// Number of upstream responses by status.
    pub responses: BTreeMap<u16, u64>,
    /// Number of requests without an upstream response, by reason.
    pub failures: BTreeMap<&'static str, u64>,
    /// Number of responses that are no answers to the task query, or have a binary body.
    pub skipped: u64,
    /// Number of responses to the task query that were forwarded without validation, by reason.
    pub unvalidated: BTreeMap<&'static str, u64>,
    /// What was validated of each operation, and what was not, and why.
    pub exchanges: Vec<OperationCount>,
    /// Number of responses waiting to be validated.
    pub waiting: usize,
    /// Number of captures written.
    pub recorded: u64,
    /// Number of captures that could not be written.
    pub unrecorded: u64,
    /// The last error of writing a capture.
    pub record_error: Option<String>,
    /// The validated responses and their findings.
    pub report: Summary,
}

impl ProxySummary {
    /// Number of completed requests, with or without a response.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.responses.values().chain(self.failures.values()).sum()
    }
}

/// The traffic in a few sentences, without the findings.
impl fmt::Display for ProxySummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |counts: &BTreeMap<&'static str, u64>| {
            let parts: Vec<String> = counts
                .iter()
                .map(|(reason, count)| format!("{count} {}", reason.replace('_', " ")))
                .collect();
            parts.join(", ")
        };
        let requests = self.requests();
        let noun = if requests == 1 { "request" } else { "requests" };
        let validated = Validated(&self.exchanges);
        write!(f, "{requests} {noun} to {}: {validated}.", self.upstream)?;
        if !self.failures.is_empty() {
            write!(f, " Without a response: {}.", list(&self.failures))?;
        }
        if self.waiting > 0 {
            write!(f, " Not validated yet: {}.", self.waiting)?;
        }
        if self.recorded + self.unrecorded > 0 {
            write!(f, " Recorded: {}.", self.recorded)?;
        }
        if self.unrecorded > 0 {
            let why = self.record_error.as_deref().unwrap_or("unknown");
            write!(f, " Not recorded: {} ({why}).", self.unrecorded)?;
        }
        Ok(())
    }
}
