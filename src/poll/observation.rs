//! What one query said of a task that is being waited for.

use std::{sync::Arc, time::Duration};

use crate::{
    client::{Error, QueryResponse},
    model::TaskId,
    validate::{Finding, Report, Rule},
};

/// One query of a task that is being waited for, and what came back. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct Observation(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    task_id: TaskId,
    poll: u32,
    elapsed: Duration,
    next_in: Duration,
    answer: Result<QueryResponse, Error>,
}

impl Observation {
    pub(super) fn new(
        task_id: TaskId,
        poll: u32,
        elapsed: Duration,
        next_in: Duration,
        answer: Result<QueryResponse, Error>,
    ) -> Self {
        Self(Arc::new(Inner {
            task_id,
            poll,
            elapsed,
            next_in,
            answer,
        }))
    }

    /// The task that was asked for.
    #[must_use]
    pub fn task_id(&self) -> &TaskId {
        &self.0.task_id
    }

    /// Which query this is, counted from 1.
    #[must_use]
    pub fn poll(&self) -> u32 {
        self.0.poll
    }

    /// The time from the first query to this answer.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed
    }

    /// How long until the task is asked for again.
    #[must_use]
    pub fn next_in(&self) -> Duration {
        self.0.next_in
    }

    /// What came back.
    ///
    /// # Errors
    ///
    /// The error of the query, if it did not end in a task.
    pub fn answer(&self) -> Result<&QueryResponse, &Error> {
        self.0.answer.as_ref()
    }

    /// The task's status, also one that is not documented; none if no task came back.
    #[must_use]
    pub fn status(&self) -> Option<String> {
        match self.answer() {
            Ok(response) => Some(response.task().status()),
            Err(error) => undocumented_status(error),
        }
    }

    /// The progress as the gateway estimates it, such as `50%`; never a reason to think that a task
    /// is complete.
    #[must_use]
    pub fn progress(&self) -> Option<&str> {
        self.answer().ok()?.task().progress()
    }

    /// What was found in the answer.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        let report = match self.answer() {
            Ok(response) => Some(response.report()),
            Err(error) => error.report(),
        };
        report.map_or(&[], Report::findings)
    }
}

/// The status of a task that is none of the documented ones, if that is what an answer fails by.
pub(super) fn undocumented_status(error: &Error) -> Option<String> {
    if !error.is_contract_violation() {
        return None;
    }
    let findings = error.report()?.findings();
    let finding = findings
        .iter()
        .find(|finding| finding.rule == Rule::UnknownStatus)?;
    let found = finding.found.as_deref().unwrap_or("null");
    Some(serde_json::from_str(found).unwrap_or_else(|_| found.to_owned()))
}
