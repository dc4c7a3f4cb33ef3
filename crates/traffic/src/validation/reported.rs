//! What was reported of polls that contradict those of other inputs.

use std::collections::{BTreeMap, BTreeSet};

use super::{accumulator::Passing, filter::Filter};
use crate::{
    report::{Fingerprint, ValidatedResponse},
    timeline::Across,
};
use seedance_query::validate::{Report, Rule};

/// Maximum number of findings that are remembered.
const MAX: usize = 1 << 16;

/// The findings across inputs that were reported as the responses arrived.
#[derive(Debug, Default)]
pub(super) struct Reported {
    /// Their number by task and rule.
    counts: BTreeMap<(u64, Rule), u64>,
    kinds: BTreeSet<Fingerprint>,
}

impl Reported {
    /// Adds a finding of a task.
    pub fn add(&mut self, task: u64, rule: Rule) {
        if self.counts.len() < MAX {
            *self.counts.entry((task, rule)).or_default() += 1;
        }
    }

    /// Whether such a finding was reported.
    pub fn has(&self, kind: &Fingerprint) -> bool {
        self.kinds.contains(kind)
    }

    /// Adds a kind of finding; returns whether there was room for it.
    pub fn add_kind(&mut self, kind: &Fingerprint) -> bool {
        self.kinds.len() < MAX && self.kinds.insert(kind.clone())
    }

    /// What was not reported of that which all inputs show, and passes, by response.
    pub fn rest(&self, across: Vec<Across>, filter: &Filter) -> Vec<ValidatedResponse> {
        let mut reported = self.counts.clone();
        let mut responses: Vec<ValidatedResponse> = Vec::new();
        for found in across {
            if filter.passes(&found.finding) != Passing::Reported {
                continue;
            }
            if let Some(count @ 1..) = reported.get_mut(&(found.task, found.finding.rule)) {
                *count -= 1;
                continue;
            }
            match responses.last_mut() {
                Some(last) if last.source == found.source => {
                    last.report = last.report.clone().with(vec![found.finding]);
                    last.new.push(last.new.len());
                }
                _ => {
                    let report = Report::new(None, vec![found.finding]);
                    let mut response = ValidatedResponse::new(found.source, report, Vec::new());
                    response.new = vec![0];
                    response.is_apart = true;
                    responses.push(response);
                }
            }
        }
        responses
    }
}
