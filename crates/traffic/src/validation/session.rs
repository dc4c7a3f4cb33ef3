//! Responses validated as they arrive.

use std::{mem, sync::Arc};

use super::{
    accumulator::Accumulator,
    baseline::Baseline,
    examiner::{Examined, Examiner},
    filter::{Filter, Ignore},
    kept::Kept,
};
use crate::{
    input::{Exchange, Skip},
    report::{Summary, Unreadable, ValidatedResponse},
    timeline::{History, Inputs, Moment, Position},
};
use seedance_query::{model::Source, validate::coverage::Coverage};

/// Validates responses one after the other, compares the polls of each task, and counts.
///
/// Its memory grows with the number of concurrent tasks and of distinct findings, not with the number
/// of responses.
///
/// # Examples
///
/// ```
/// use seedance_query::{Source, Verdict};
/// use seedance_traffic::Session;
///
/// let mut session = Session::new();
/// let response = session.validate(Source::whole("a body"), None, None, b"{}");
/// assert_eq!(response.report.verdict(), Verdict::Violates);
/// assert_eq!(session.summary().verdicts.violates, 1);
/// ```
#[derive(Debug)]
pub struct Session {
    inputs: Inputs,
    coverage: Coverage,
    history: History,
    accumulator: Accumulator,
    filter: Filter,
    pub(crate) wants_states: bool,
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

impl Session {
    /// A session without responses.
    #[must_use]
    pub fn new() -> Self {
        Self {
            inputs: Inputs::default(),
            coverage: Coverage::new(),
            history: History::default(),
            accumulator: Accumulator::default(),
            filter: Filter::default(),
            wants_states: false,
        }
    }

    /// Keeps the states of each task, for [`Summary::lives`].
    #[must_use]
    pub fn with_task_timelines(mut self) -> Self {
        self.history = self.history.with_task_timelines();
        self.wants_states = true;
        self
    }

    /// Suppresses findings.
    #[must_use]
    pub fn ignoring(mut self, ignored: impl IntoIterator<Item = Ignore>) -> Self {
        for ignore in ignored {
            self.filter.ignore(ignore);
        }
        self
    }

    /// Suppresses the findings that a baseline lists.
    #[must_use]
    pub fn with_baseline(mut self, baseline: &Baseline) -> Self {
        self.filter.baseline(baseline);
        self
    }

    /// Validates a body, with the HTTP status and the time of the exchange (Unix seconds) where they
    /// are known.
    pub fn validate(
        &mut self,
        source: Source,
        status: Option<u16>,
        time: Option<i64>,
        body: &[u8],
    ) -> ValidatedResponse {
        let exchange = Exchange {
            status,
            time,
            ..Exchange::of_body(body)
        };
        self.validate_exchange(source, exchange)
    }

    /// Validates a recorded exchange.
    pub(crate) fn validate_exchange(
        &mut self,
        source: Source,
        exchange: Exchange<'_>,
    ) -> ValidatedResponse {
        let Source {
            input, place, line, ..
        } = source;
        let position = Position::new(self.inputs.add(&input), place, line);
        let mut examiner = Examiner {
            coverage: &mut self.coverage,
            wants_states: self.wants_states,
        };
        let found = examiner.examine(exchange, position, Some(0..exchange.body.len()));
        let compared = self.compare(found);
        self.count(compared, exchange.body)
    }

    pub(crate) fn add_input(&mut self, name: &Arc<str>) -> u32 {
        self.inputs.add(name)
    }

    pub(crate) fn add_coverage(&mut self, coverage: &Coverage) {
        self.coverage.add(coverage);
    }

    pub(crate) fn add_skipped(&mut self, skip: Skip, count: u64) {
        self.accumulator.skip(skip, count);
    }

    pub(crate) fn add_recorded_as(&mut self, form: &str, count: u64) {
        self.accumulator.recorded_as(form, count);
    }

    pub(crate) fn add_items(&mut self, unit: &'static str, count: u64) {
        self.accumulator.items(unit, count);
    }

    /// Counts an input that has no response.
    pub(crate) fn add_unreadable_input(&mut self, name: Arc<str>, message: String) -> Unreadable {
        let unreadable = Unreadable {
            source: Source::whole(name),
            message,
        };
        self.accumulator.unreadable(&unreadable);
        unreadable
    }

    /// Counts an item that could not be read.
    pub(crate) fn add_unreadable(&mut self, position: Position, message: String) -> Unreadable {
        let unreadable = Unreadable {
            source: position.source(&self.inputs),
            message,
        };
        self.accumulator.unreadable(&unreadable);
        unreadable
    }

    /// Compares a response with earlier polls and counts it; returns it if there are findings or it
    /// is wanted anyway.
    pub(crate) fn absorb(
        &mut self,
        examined: Examined,
        read: &[u8],
        is_wanted: bool,
    ) -> Option<ValidatedResponse> {
        let mut compared = self.compare(examined);
        if compared.report.findings().is_empty() && !is_wanted {
            self.accumulator
                .conforming(compared.form, compared.report.shape());
            return None;
        }
        let body = mem::replace(&mut compared.body, Kept::nothing());
        let mut response = self.count(compared, body.bytes(read));
        response.is_apart = matches!(body, Kept::Apart(_));
        Some(response)
    }

    /// Adds the findings from earlier polls, and takes out the suppressed ones.
    fn compare(&mut self, mut examined: Examined) -> Examined {
        let (position, time) = (examined.position, examined.time);
        let moment = Moment {
            recorded: time,
            updated: examined.updated,
        };
        let compare = |poll| self.history.add(poll, position, moment, &self.inputs);
        let found = examined.poll.take().map(compare).unwrap_or_default();
        if let Some(state) = &examined.state {
            self.history.note(state, position, time, &found);
        }
        let mut report = examined.report.with(found);
        if !self.filter.is_empty() {
            let before = report.findings().len();
            report = report.filtered(|finding| self.filter.passes(finding));
            self.accumulator.ignored += (before - report.findings().len()) as u64;
        }
        Examined { report, ..examined }
    }

    fn count(&mut self, compared: Examined, body: &[u8]) -> ValidatedResponse {
        let source = compared.position.source(&self.inputs);
        let mut response = ValidatedResponse::new(source, compared.report, Vec::new());
        response.http_status = compared.http_status;
        response.time = compared.time;
        response.form = compared.form;
        if let Some(state) = compared.state {
            (response.task_id, response.status) = (Some(state.task_id), Some(state.status));
        }
        if response.report.findings().is_empty() {
            self.accumulator
                .conforming(response.form, response.report.shape());
        } else {
            response.body = body.to_vec();
            (response.new, response.common) = self.accumulator.add(&response);
        }
        response
    }

    /// The counts and findings so far.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut summary = self.accumulator.summary(&self.coverage);
        summary.inputs = self.inputs.count();
        summary.tasks = self.history.tasks();
        summary.lives = self.history.timelines(&self.inputs);
        summary.stale = self.filter.stale();
        summary
    }
}
