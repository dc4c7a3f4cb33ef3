//! Responses validated as they arrive.

use std::{
    collections::{BTreeMap, BTreeSet},
    mem,
    sync::Arc,
};

use super::{
    accumulator::{Accumulator, Passing},
    baseline::Baseline,
    current::CurrentInput,
    examiner::{Examined, Examiner},
    filter::{Filter, Ignore},
    kept::Kept,
    part::{PartBuilder, SummaryPart},
    whole::summary_of,
};
use crate::{
    input::{Exchange, Skip},
    report::{Fingerprint, Summary, TaskTimeline, Unreadable, ValidatedResponse},
    timeline::{
        History, InputId, InputKey, InputKind, Inputs, Moment, PollAt, Position, TaskPolls, across,
        timeline_of,
    },
};
use seedance_query::{
    model::Source,
    validate::{Finding, Report, Rule, Severity, coverage::Coverage},
};

/// Maximum number of findings across inputs that are remembered as reported.
const MAX_REPORTED: usize = 1 << 16;

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
    history: History,
    polls: TaskPolls,
    /// The inputs that were read.
    done: Accumulator,
    current: Option<CurrentInput>,
    /// The number of the next input that is not counted yet.
    next: u32,
    /// What was found of the paths that the user named, as a whole.
    named: BTreeMap<Arc<str>, Accumulator>,
    filter: Filter,
    /// What was reported across inputs, by task, and its fingerprints.
    reported: BTreeMap<(u64, Rule), u64>,
    reported_kinds: BTreeSet<Fingerprint>,
    wants_timelines: bool,
    part: Option<PartBuilder>,
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
            history: History::default(),
            polls: TaskPolls::default(),
            done: Accumulator::default(),
            current: None,
            next: 0,
            named: BTreeMap::new(),
            filter: Filter::default(),
            reported: BTreeMap::new(),
            reported_kinds: BTreeSet::new(),
            wants_timelines: false,
            part: None,
        }
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
        self.part = Some(PartBuilder::default());
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
        self.enter(position.input)
            .accumulator
            .counts
            .coverage
            .add(&coverage);
        self.count(found, exchange.body)
    }

    /// Whether the states of tasks are kept as text.
    pub(crate) fn wants_states(&self) -> bool {
        self.wants_timelines || self.part.is_some()
    }

    /// Whether inputs are told apart by their content.
    pub(crate) fn wants_content(&self) -> bool {
        self.part.is_some()
    }

    /// The number of an input; none if one of this name was read.
    pub(crate) fn add_file(&mut self, name: &Arc<str>) -> Option<u32> {
        (!self.inputs.has(name)).then(|| self.inputs.add(name))
    }

    pub(crate) fn add_input(&mut self, name: &Arc<str>) -> u32 {
        self.inputs.add(name)
    }

    /// Goes on to an input, unless that is being read.
    fn enter(&mut self, input: u32) -> &mut CurrentInput {
        if self
            .current
            .as_ref()
            .is_some_and(|current| current.number != input)
        {
            self.leave();
        }
        self.pass_over(input);
        let inputs = &self.inputs;
        let next = &mut self.next;
        self.current.get_or_insert_with(|| {
            *next = input.wrapping_add(1);
            CurrentInput::new(input, inputs.key(input))
        })
    }

    /// Ends the input that is being read.
    fn leave(&mut self) {
        let Some(current) = self.current.take() else {
            return;
        };
        let (key, id, accumulator) = current.end();
        if let Some(part) = &mut self.part {
            part.add(&key, id, &accumulator);
        }
        if self.done.inputs == 0 {
            self.done = accumulator;
        } else {
            self.done.merge(&accumulator);
        }
    }

    /// Counts the inputs before this one, of which nothing came.
    fn pass_over(&mut self, input: u32) {
        while self.next != input && self.current.is_none() {
            self.current = Some(CurrentInput::new(self.next, self.inputs.key(self.next)));
            self.next = self.next.wrapping_add(1);
            self.leave();
        }
    }

    /// Ends all inputs.
    pub(crate) fn finish(&mut self) {
        self.leave();
        self.pass_over(self.inputs.count());
        for (name, accumulator) in mem::take(&mut self.named) {
            let key = Arc::new(InputKey::new(name, InputKind::Named, 0));
            if let Some(part) = &mut self.part {
                part.add_named(&key, &accumulator);
            }
            self.done.merge(&accumulator);
        }
    }

    pub(crate) fn add_coverage(&mut self, input: u32, coverage: &Coverage) {
        self.enter(input).accumulator.counts.coverage.add(coverage);
    }

    pub(crate) fn add_skipped(&mut self, input: u32, skip: Skip, count: u64) {
        self.enter(input).accumulator.counts.skip(skip, count);
    }

    pub(crate) fn add_recorded_as(&mut self, input: u32, form: &str, count: u64) {
        self.enter(input)
            .accumulator
            .counts
            .recorded_as(form, count);
    }

    pub(crate) fn add_items(&mut self, input: u32, unit: &str, count: u64) {
        self.enter(input).accumulator.counts.items(unit, count);
    }

    /// Adds what was read of an input, in order.
    pub(crate) fn add_content(&mut self, input: u32, digests: &[InputId]) {
        self.enter(input).read(digests);
    }

    /// Counts what was left out of a directory.
    pub(crate) fn add_left_out(&mut self, directory: &Arc<str>, skip: Skip, count: u64) {
        self.of_named(directory).counts.skip(skip, count);
    }

    fn of_named(&mut self, name: &Arc<str>) -> &mut Accumulator {
        self.named.entry(Arc::clone(name)).or_default()
    }

    /// Counts a path that the user named, and that has no response.
    pub(crate) fn add_unreadable_input(&mut self, name: &Arc<str>, message: String) -> Unreadable {
        let unreadable = Unreadable {
            source: Source::whole(Arc::clone(name)),
            message,
        };
        let key = Arc::new(InputKey::new(Arc::clone(name), InputKind::Named, 0));
        self.of_named(name).unreadable(&key, 0, &unreadable);
        unreadable
    }

    /// Counts an item that could not be read.
    pub(crate) fn add_unreadable(&mut self, position: Position, message: String) -> Unreadable {
        let current = self.enter(position.input);
        current.ordinal += 1;
        let unreadable = Unreadable {
            source: position.source(&current.key.name),
            message,
        };
        let (key, ordinal) = (Arc::clone(&current.key), current.ordinal);
        current.accumulator.unreadable(&key, ordinal, &unreadable);
        unreadable
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
        let current = self.enter(position.input);
        current.ordinal += 1;
        let (key, ordinal) = (Arc::clone(&current.key), current.ordinal);
        let own = poll.map(|poll| self.history.add(poll, position, moment, &key.name));
        let own = own.unwrap_or_default();
        let rules: Vec<Rule> = own.iter().map(|finding| finding.rule).collect();
        let report = self.filtered(report.with(own));
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
        let new = self.count_findings(&report, form, position, body);
        let task = poll.map(|poll| poll.task);
        let (report, new) = self.with_others(report, new, others, task);
        let mut response = ValidatedResponse::new(position.source(&key.name), report, Vec::new());
        if !response.report.findings().is_empty() {
            response.body = body.to_vec();
        }
        response.new = new;
        response.common = self.common(form, response.report.findings());
        response.form = form;
        response.http_status = http_status;
        response.time = time;
        if let Some(state) = state {
            (response.task_id, response.status) = (Some(state.task_id), Some(state.status));
        }
        response
    }

    /// Takes out what is suppressed, and counts it.
    fn filtered(&mut self, report: Report) -> Report {
        if self.filter.is_empty() {
            return report;
        }
        let (filter, current) = (&self.filter, &mut self.current);
        report.filtered(|finding| {
            current.as_mut().is_none_or(|current| {
                let passes = |finding: &Finding| filter.passes(finding);
                current.accumulator.filtered(finding, passes)
            })
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
        let current = self.enter(position.input);
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

    /// The findings that every response of a form has had so far.
    fn common(&self, form: &str, findings: &[Finding]) -> Vec<usize> {
        let known = || {
            let current = self.current.as_ref().map(|current| &current.accumulator);
            [Some(&self.done), current].into_iter().flatten()
        };
        let count = |forms: &BTreeMap<String, u64>| forms.get(form).copied().unwrap_or(0);
        let is_common = |finding: &Finding| {
            let kind = Fingerprint::of(finding);
            let occurrences = known().filter_map(|known| known.findings.get(&kind));
            let mut wordings = occurrences.clone().map(|known| known.wording);
            let wording = wordings.next().flatten();
            let having: u64 = occurrences.map(|known| count(&known.forms)).sum();
            let all: u64 = known().map(|known| count(&known.counts.forms)).sum();
            wording.is_some() && wordings.all(|other| other == wording) && having == all
        };
        let findings = findings.iter().enumerate();
        let common = findings
            .filter(|(_, finding)| finding.severity() < Severity::Error && is_common(finding));
        common.map(|(index, _)| index).collect()
    }

    /// Whether no input before had such a finding, and none was reported across inputs.
    fn is_new(&self, kind: &Fingerprint) -> bool {
        self.done.findings.get(kind).is_none() && !self.reported_kinds.contains(kind)
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
            if let Some(task) = task.filter(|_| self.reported.len() < MAX_REPORTED) {
                *self.reported.entry((task, finding.rule)).or_default() += 1;
            }
            let kind = Fingerprint::of(finding);
            let current = self.current.as_ref();
            let is_here =
                current.is_some_and(|current| current.accumulator.findings.get(&kind).is_some());
            if !is_here && self.is_new(&kind) && self.reported_kinds.len() < MAX_REPORTED {
                self.reported_kinds.insert(kind.clone());
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
        let mut responses: Vec<ValidatedResponse> = Vec::new();
        let mut reported = self.reported.clone();
        for found in across(&self.polls) {
            if self.filter.passes(&found.finding) != Passing::Reported {
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

    /// The states of a task so far, if they are [kept](Self::with_task_timelines).
    #[must_use]
    pub fn timeline(&self, task_id: &str) -> Option<TaskTimeline> {
        let polls = self.wants_timelines.then_some(&self.polls)?;
        timeline_of(polls, task_id)
    }

    /// The counts and findings so far.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut all = self.done.clone();
        let current = self.current.as_ref().map(|current| &current.accumulator);
        for accumulator in current.into_iter().chain(self.named.values()) {
            all.merge(accumulator);
        }
        summary_of(all, &self.polls, &self.filter, self.wants_timelines)
    }

    /// What is known of each input, to be merged with that of other inputs.
    pub(crate) fn into_part(mut self, options: Vec<String>) -> SummaryPart {
        self.finish();
        let part = self.part.unwrap_or_default();
        part.build(self.polls, self.filter, options)
    }
}
