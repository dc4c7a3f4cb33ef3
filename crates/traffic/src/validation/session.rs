//! Responses validated as they arrive.

use std::{mem, sync::Arc};

use super::{
    accumulator::Passing,
    baseline::Baseline,
    by_input::ByInput,
    examiner::{Examined, Examiner},
    filter::{Filter, Ignore},
    kept::Kept,
    part::SummaryPart,
    reported::Reported,
    whole::summary_of,
};
use crate::{
    input::Exchange,
    report::{Fingerprint, Summary, TaskTimeline, ValidatedResponse},
    timeline::{History, Moment, PollAt, Position, TaskPolls, across, timeline_of},
};
use seedance_query::{
    model::Source,
    validate::{Finding, Report, Rule, coverage::Coverage},
};

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
#[derive(Debug, Default)]
pub struct Session {
    inputs: ByInput,
    history: History,
    polls: TaskPolls,
    filter: Filter,
    reported: Reported,
    wants_timelines: bool,
}

impl Session {
    /// A session without responses.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps the states of each task, for [`Summary::lives`].
    #[must_use]
    pub fn with_task_timelines(mut self) -> Self {
        self.wants_timelines = true;
        self
    }

    /// Keeps what is known of each input by itself, for a [`SummaryPart`]. Its memory grows with the
    /// number of inputs.
    #[must_use]
    pub(crate) fn with_part(mut self) -> Self {
        self.inputs.keep_each();
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
        let mut coverage = Coverage::new();
        let mut examiner = Examiner {
            coverage: &mut coverage,
            wants_states: self.wants_states(),
        };
        let found = examiner.examine(exchange, position, Some(0..exchange.body.len()));
        self.inputs.counts(position.input).coverage.add(&coverage);
        self.count(found, exchange.body)
    }

    /// Whether the states of tasks are kept as text.
    pub(crate) fn wants_states(&self) -> bool {
        self.wants_timelines || self.inputs.keeps_each()
    }

    /// What is known of the inputs.
    pub(crate) fn inputs(&mut self) -> &mut ByInput {
        &mut self.inputs
    }

    /// Compares a response with earlier polls and counts it; returns it if there are findings or it
    /// is wanted anyway.
    pub(crate) fn absorb(
        &mut self,
        mut examined: Examined,
        read: &[u8],
        is_wanted: bool,
    ) -> Option<ValidatedResponse> {
        let body = mem::replace(&mut examined.body, Kept::nothing());
        let mut response = self.count(examined, body.bytes(read));
        response.is_apart = matches!(body, Kept::Apart(_));
        (is_wanted || !response.report.findings().is_empty()).then_some(response)
    }

    /// Compares a response with earlier polls, takes out what is suppressed, and counts it.
    fn count(&mut self, examined: Examined, body: &[u8]) -> ValidatedResponse {
        let Examined {
            position,
            http_status,
            time,
            updated,
            form,
            report,
            poll,
            state,
            ..
        } = examined;
        let moment = Moment {
            recorded: time,
            updated,
        };
        let current = self.inputs.enter(position.input);
        current.ordinal += 1;
        let (key, ordinal) = (Arc::clone(&current.key), current.ordinal);
        let own = poll.map(|poll| self.history.add(poll, position, moment, &key.name));
        let own = own.unwrap_or_default();
        let rules: Vec<Rule> = own.iter().map(|finding| finding.rule).collect();
        let report = self.filtered(position.input, report.with(own));
        let verdict = report.verdict();
        let mut others = Vec::new();
        if let Some(poll) = poll {
            others = self.polls.contradictions(&poll, moment, &key);
            let at = PollAt {
                moment,
                position,
                ordinal,
                verdict,
            };
            let kept = state.as_deref().filter(|_| self.wants_states());
            self.polls.add(poll, at, &key, kept, &rules);
        }
        if let Some(time) = time {
            self.inputs.counts(position.input).hours.add(time, verdict);
        }
        let new = self.count_findings(&report, form, position, body);
        let task = poll.map(|poll| poll.task);
        let (report, new) = self.with_others(report, new, others, task);
        let mut response = ValidatedResponse::new(position.source(&key.name), report, Vec::new());
        if !response.report.findings().is_empty() {
            response.body = body.to_vec();
        }
        response.new = new;
        response.common = self.inputs.common(form, response.report.findings());
        response.form = form;
        response.http_status = http_status;
        response.time = time;
        if let Some(state) = state {
            (response.task_id, response.status) = (Some(state.task_id), Some(state.status));
        }
        response
    }

    /// Takes out what is suppressed, and counts it.
    fn filtered(&mut self, input: u32, report: Report) -> Report {
        if self.filter.is_empty() {
            return report;
        }
        let (filter, current) = (&self.filter, self.inputs.enter(input));
        report.filtered(|finding| {
            let passes = |finding: &Finding| filter.passes(finding);
            current.accumulator.filtered(finding, passes)
        })
    }

    /// Counts a response in its input; returns the indices of the findings that are new.
    fn count_findings(
        &mut self,
        report: &Report,
        form: &str,
        position: Position,
        body: &[u8],
    ) -> Vec<usize> {
        let current = self.inputs.enter(position.input);
        if report.findings().is_empty() {
            current.accumulator.counts.response(form, report);
            return Vec::new();
        }
        let at = current.occurrence(position);
        let mut new = current.accumulator.add(&at, form, report, body);
        new.retain(|index| {
            let finding = report.findings().get(*index);
            finding.is_some_and(|finding| self.is_new(&Fingerprint::of(finding)))
        });
        new
    }

    /// Whether no input before had such a finding, and none was reported across inputs.
    fn is_new(&self, kind: &Fingerprint) -> bool {
        !self.inputs.had(kind) && !self.reported.has(kind)
    }

    /// Adds what other inputs show. It is counted when all are read, so that it does not depend on
    /// their order.
    fn with_others(
        &mut self,
        report: Report,
        new: Vec<usize>,
        mut others: Vec<Finding>,
        task: Option<u64>,
    ) -> (Report, Vec<usize>) {
        others.retain(|finding| self.filter.passes(finding) == Passing::Reported);
        if others.is_empty() {
            return (report, new);
        }
        let mut kinds: Vec<Fingerprint> = new
            .iter()
            .filter_map(|index| report.findings().get(*index))
            .map(Fingerprint::of)
            .collect();
        for finding in &others {
            if let Some(task) = task {
                self.reported.add(task, finding.rule);
            }
            let kind = Fingerprint::of(finding);
            if !self.inputs.has(&kind) && self.reported.add_kind(&kind) {
                kinds.push(kind);
            }
        }
        let report = report.with(others);
        let findings = report.findings().iter().enumerate();
        let new = findings.filter(|(_, finding)| kinds.contains(&Fingerprint::of(finding)));
        let new = new.map(|(index, _)| index).collect();
        (report, new)
    }

    /// What only shows once all inputs are read, because they are not in the order of the polls.
    pub(crate) fn unreported(&self) -> Vec<ValidatedResponse> {
        self.reported.rest(across(&self.polls), &self.filter)
    }

    /// The states of a task so far, if they are [kept](Self::with_task_timelines).
    #[must_use]
    pub fn timeline(&self, task_id: &str) -> Option<TaskTimeline> {
        let polls = self.wants_timelines.then_some(&self.polls)?;
        timeline_of(polls, task_id)
    }

    /// The counts and findings so far.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let all = self.inputs.total();
        summary_of(all, &self.polls, &self.filter, self.wants_timelines)
    }

    /// What is known of each input, to be merged with that of other inputs.
    pub(crate) fn into_part(self, options: Vec<String>) -> SummaryPart {
        let part = self.inputs.into_part();
        part.build(self.polls, self.filter, options)
    }
}
