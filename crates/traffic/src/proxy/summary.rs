//! What there is to say of the traffic so far.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

use crate::Summary;

/// Counts over all traffic of a proxy, and the summary of what was checked.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct ProxySummary {
    /// Where everything goes.
    pub upstream: String,
    /// How many responses the upstream gave, by status.
    pub responses: BTreeMap<u16, u64>,
    /// How many requests it gave none to, by reason.
    pub failures: BTreeMap<&'static str, u64>,
    /// How many responses are not of the task query, and so were not checked.
    pub skipped: u64,
    /// How many responses to the task query were passed on unchecked, by reason.
    pub unchecked: BTreeMap<&'static str, u64>,
    /// How many wait to be checked.
    pub waiting: usize,
    /// How many captures were written.
    pub recorded: u64,
    /// How many could not be written.
    pub unrecorded: u64,
    /// Why the last one could not.
    pub record_error: Option<String>,
    /// What was found.
    pub report: Summary,
}

impl ProxySummary {
    /// How many requests came to an end, well or badly.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.responses.values().chain(self.failures.values()).sum()
    }
}

/// The traffic in a few sentences, without what was found.
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
        write!(f, "{requests} {noun} to {}.", self.upstream)?;
        if !self.failures.is_empty() {
            write!(f, " Without a response: {}.", list(&self.failures))?;
        }
        if !self.unchecked.is_empty() {
            write!(f, " Passed on unchecked: {}.", list(&self.unchecked))?;
        }
        if self.waiting > 0 {
            write!(f, " Not checked yet: {}.", self.waiting)?;
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
