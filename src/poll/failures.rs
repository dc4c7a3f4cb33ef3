//! Consecutive failures of a wait.

use std::{collections::BTreeMap, fmt, time::Duration};

use serde::{Deserialize, Serialize};

use super::policy::ErrorPolicy;
use crate::client::Error;

/// The queries that failed since the last answer: how many, of which kinds, and the last one.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Failures {
    count: u32,
    by_kind: BTreeMap<String, u32>,
    /// The message of the last one, which has no secret.
    last: String,
}

impl Failures {
    /// Counts a failure, and gives the delay that follows it.
    pub fn add(&mut self, error: &Error, policy: &ErrorPolicy) -> Duration {
        self.count = self.count.saturating_add(1);
        *self.by_kind.entry(kind(error)).or_default() += 1;
        self.last = error.to_string();
        policy.delay(self.count)
    }

    pub fn count(&self) -> u32 {
        self.count
    }
}

impl fmt::Display for Failures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds = self.by_kind.iter();
        let kinds: Vec<String> = kinds
            .map(|(kind, count)| match count {
                1 => kind.clone(),
                _ => format!("{count} × {kind}"),
            })
            .collect();
        write!(f, "{}; the last one: {}", kinds.join(", "), self.last)
    }
}

fn kind(error: &Error) -> String {
    match error.status() {
        Some(status) if error.is_api() => return format!("HTTP {}", status.as_u16()),
        _ => {}
    }
    let kind = if error.is_connect() {
        "no connection"
    } else if error.is_timeout() {
        "no answer in time"
    } else if error.is_interrupted() {
        "connection broken"
    } else if error.is_key_unavailable() {
        "no API key"
    } else if error.is_other_task() {
        "an answer about another task"
    } else {
        "an answer without a task"
    };
    kind.to_owned()
}
