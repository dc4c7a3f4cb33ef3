//! What becomes of captured responses.

use std::collections::BTreeSet;

use serde::Serialize;

use super::spec::Spec;
use seedance_query::validate::{Finding, Severity};

/// A capture, and what the new document finds in it that the old one did not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Affected {
    /// What the capture is called.
    pub source: String,
    /// What was found, secrets masked.
    pub findings: Vec<Finding>,
}

/// What the new of two documents says of captured responses that the old one did not.
///
/// # Examples
///
/// ```
/// use seedance_query::OPENAPI;
/// use seedance_diff::{Captures, Spec};
///
/// let old = Spec::parse("old.yaml", OPENAPI)?;
/// let new = Spec::parse("new.yaml", &OPENAPI.replace(
///     "required: [task_id, status]",
///     "required: [task_id, status, request_id]",
/// ))?;
/// let mut captures = Captures::between(&old, &new);
/// captures.validate("a.json", Some(200), br#"{"code":"success","message":"","data":{
///     "task_id":"asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F","action":"generate",
///     "status":"QUEUED","submit_time":1780000000,"start_time":0,"progress":"0%"}}"#);
/// assert_eq!(captures.rejected()[0].source, "a.json");
/// assert_eq!(captures.rejected()[0].findings[0].pointer, "/data/request_id");
/// # Ok::<(), seedance_diff::SpecError>(())
/// ```
#[derive(Debug, Serialize)]
pub struct Captures<'a> {
    #[serde(skip)]
    old: &'a Spec,
    #[serde(skip)]
    new: &'a Spec,
    validated: usize,
    rejected: Vec<Affected>,
    departures: Vec<Affected>,
}

impl<'a> Captures<'a> {
    /// Begins with no capture.
    #[must_use]
    pub fn between(old: &'a Spec, new: &'a Spec) -> Self {
        Self {
            old,
            new,
            validated: 0,
            rejected: Vec::new(),
            departures: Vec::new(),
        }
    }

    /// Asks both documents about a body; `status` is its HTTP status, if that is known.
    pub fn validate(&mut self, source: &str, status: Option<u16>, body: &[u8]) {
        self.validated += 1;
        let (breaches, departures) = split(self.new.findings(status, body));
        let (old_breaches, old_departures) = split(self.old.findings(status, body));
        let affected = |findings: Vec<Finding>| Affected {
            source: source.to_owned(),
            findings,
        };
        if old_breaches.is_empty() && !breaches.is_empty() {
            self.rejected.push(affected(breaches));
        }
        let known: BTreeSet<_> = old_departures.iter().map(key).collect();
        let more: Vec<Finding> = departures
            .into_iter()
            .filter(|finding| !known.contains(&key(finding)))
            .collect();
        if !more.is_empty() {
            self.departures.push(affected(more));
        }
    }

    /// How many captures were looked at.
    #[must_use]
    pub fn validated(&self) -> usize {
        self.validated
    }

    /// The captures that the new contract rejects and the old one accepts, with what it finds.
    #[must_use]
    pub fn rejected(&self) -> &[Affected] {
        &self.rejected
    }

    /// The captures that depart from the new documentation where they did not from the old one.
    #[must_use]
    pub fn departures(&self) -> &[Affected] {
        &self.departures
    }
}

/// Breaches of the contract, and departures from the documentation.
fn split(findings: Vec<Finding>) -> (Vec<Finding>, Vec<Finding>) {
    let is_breach = |finding: &Finding| finding.severity() == Severity::Error;
    findings.into_iter().partition(is_breach)
}

fn key(finding: &Finding) -> (&str, &str) {
    (finding.rule.id(), &finding.pointer)
}
