//! How many responses of each operation were validated, and how many were not, and why.

use std::{
    collections::BTreeMap,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::Serialize;

/// Maximum number of operations that are told apart.
const MAX_OPERATIONS: usize = 60;
/// The name of all others.
const OTHERS: &str = "other requests";

/// The responses of an operation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct OperationCount {
    /// Its method and path, without ids, such as `GET /v1/videos/{task_id}`.
    pub operation: String,
    /// Number of responses validated.
    pub validated: u64,
    /// Number of responses passed on without validation, by reason.
    pub unvalidated: BTreeMap<&'static str, u64>,
}

/// The counts of all operations.
#[derive(Default)]
pub(super) struct ExchangeCounts(Mutex<BTreeMap<String, OperationCount>>);

impl ExchangeCounts {
    pub fn validated(&self, operation: &str) {
        self.count(operation, |count| count.validated += 1);
    }

    pub fn unvalidated(&self, operation: &str, reason: &'static str) {
        self.count(operation, |count| {
            *count.unvalidated.entry(reason).or_default() += 1;
        });
    }

    fn count(&self, operation: &str, count: impl FnOnce(&mut OperationCount)) {
        let mut counts = self.lock();
        let is_known = counts.contains_key(operation) || counts.len() < MAX_OPERATIONS;
        let name = if is_known { operation } else { OTHERS };
        if let Some(known) = counts.get_mut(name) {
            return count(known);
        }
        let mut new = OperationCount {
            operation: name.to_owned(),
            ..OperationCount::default()
        };
        count(&mut new);
        counts.insert(name.to_owned(), new);
    }

    /// All operations, the most frequent ones first.
    pub fn all(&self) -> Vec<OperationCount> {
        let mut counts: Vec<OperationCount> = self.lock().values().cloned().collect();
        counts.sort_by_key(|count| std::cmp::Reverse(count.total()));
        counts
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, OperationCount>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OperationCount {
    fn total(&self) -> u64 {
        self.validated + self.unvalidated.values().sum::<u64>()
    }
}

/// What was validated and what was not, in one line; nothing is passed over.
pub(super) struct Validated<'a>(pub &'a [OperationCount]);

impl fmt::Display for Validated<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let validated = self.0.iter().filter(|count| count.validated > 0);
        let validated = validated.map(|count| (count.validated, count.operation.clone()));
        part(f, "validated", &validated.collect::<Vec<_>>())?;
        let unvalidated = self.0.iter().flat_map(|count| {
            let reasons = count.unvalidated.iter();
            reasons.map(|(reason, number)| {
                let reason = reason.replace('_', " ");
                (*number, format!("{} ({reason})", count.operation))
            })
        });
        let unvalidated: Vec<(u64, String)> = unvalidated.collect();
        if !unvalidated.is_empty() {
            f.write_str("; ")?;
            part(f, "passed on without validation", &unvalidated)?;
        }
        Ok(())
    }
}

fn part(f: &mut fmt::Formatter<'_>, what: &str, counts: &[(u64, String)]) -> fmt::Result {
    let sum: u64 = counts.iter().map(|(number, _)| number).sum();
    let list: Vec<String> = match counts {
        [(_, only)] => vec![only.clone()],
        counts => counts
            .iter()
            .map(|(number, name)| format!("{number} {name}"))
            .collect(),
    };
    write!(f, "{sum} {what}")?;
    if !list.is_empty() {
        write!(f, ": {}", list.join(", "))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{ExchangeCounts, MAX_OPERATIONS, OTHERS, Validated};

    #[test]
    fn every_response_is_accounted_for() {
        let counts = ExchangeCounts::default();
        let line = || Validated(&counts.all()).to_string();
        assert_eq!(line(), "0 validated");
        counts.validated("GET /a");
        assert_eq!(line(), "1 validated: GET /a");
        counts.unvalidated("GET /a", "cut_off");
        counts.unvalidated("GET /a", "overload");
        counts.unvalidated("POST /b", "other_operation");
        counts.validated("GET /c");
        assert_eq!(
            line(),
            "2 validated: 1 GET /a, 1 GET /c; 3 passed on without validation: 1 GET /a (cut off), \
             1 GET /a (overload), 1 POST /b (other operation)"
        );
    }

    #[test]
    fn the_number_of_operations_is_bounded() {
        let counts = ExchangeCounts::default();
        for number in 0..MAX_OPERATIONS + 10 {
            counts.validated(&format!("GET /{number}"));
        }
        let all = counts.all();
        assert_eq!(all.len(), MAX_OPERATIONS + 1);
        assert_eq!((all[0].operation.as_str(), all[0].validated), (OTHERS, 10));
    }
}
