//! Responses as they come, one after the other.

use std::sync::Arc;

use super::{
    Baseline, Checked, Ignore, Summary, Unreadable,
    examine::{Examined, Examiner, Exchange, Kept},
    filter::Filter,
    spot::{Inputs, Spot},
    tally::Tally,
    timeline::Timeline,
};
use seedance_query::{
    model::Source,
    validate::{Report, coverage::Coverage},
};

/// Checks responses one after the other, compares the polls of each task, and keeps count.
///
/// How much it keeps depends on how many tasks there are at a time and on how much is different,
/// not on how many responses there are.
///
/// # Examples
///
/// ```
/// use seedance_query::{Source, Verdict};
/// use seedance_traffic::Session;
///
/// let mut session = Session::new();
/// let checked = session.check(Source::whole("a body"), None, None, b"{}");
/// assert_eq!(checked.report.verdict(), Verdict::Violates);
/// assert_eq!(session.summary().verdicts.violates, 1);
/// ```
#[derive(Debug)]
pub struct Session {
    inputs: Inputs,
    coverage: Coverage,
    timeline: Timeline,
    tally: Tally,
    filter: Filter,
    pub(super) wants_states: bool,
}

impl Default for Session {
    fn default() -> Self {
        Self::new()
    }
}

impl Session {
    /// Nothing checked yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            inputs: Inputs::default(),
            coverage: Coverage::new(),
            timeline: Timeline::default(),
            tally: Tally::default(),
            filter: Filter::default(),
            wants_states: false,
        }
    }

    /// Keeps the states that tasks go through, for [`Summary::lives`].
    #[must_use]
    pub fn with_lives(mut self) -> Self {
        self.timeline = self.timeline.with_lives();
        self.wants_states = true;
        self
    }

    /// Leaves out findings.
    #[must_use]
    pub fn ignoring(mut self, ignored: impl IntoIterator<Item = Ignore>) -> Self {
        for ignore in ignored {
            self.filter.ignore(ignore);
        }
        self
    }

    /// Leaves out the findings that are known.
    #[must_use]
    pub fn with_baseline(mut self, baseline: &Baseline) -> Self {
        self.filter.baseline(baseline);
        self
    }

    /// Checks a response: its HTTP status and the time of its exchange (Unix seconds), as far as
    /// they are known, and its body.
    pub fn check(
        &mut self,
        source: Source,
        status: Option<u16>,
        time: Option<i64>,
        body: &[u8],
    ) -> Checked {
        let Source {
            input, place, line, ..
        } = source;
        let spot = Spot::new(self.inputs.add(&input), place, line);
        let mut examiner = Examiner {
            coverage: &mut self.coverage,
            wants_states: self.wants_states,
        };
        let exchange = Exchange { status, time, body };
        let found = examiner.examine(exchange, spot, Some(0..body.len()));
        let (spot, report, _) = self.compare(found);
        self.count(spot, report, body)
    }

    pub(super) fn add_input(&mut self, name: &Arc<str>) -> u32 {
        self.inputs.add(name)
    }

    pub(super) fn add_coverage(&mut self, coverage: &Coverage) {
        self.coverage.add(coverage);
    }

    pub(super) fn add_skipped(&mut self, count: u64) {
        self.tally.skipped += count;
    }

    /// Counts what could not be read.
    pub(super) fn add_unreadable(&mut self, spot: Spot, message: String) -> Unreadable {
        let unreadable = Unreadable {
            source: spot.source(&self.inputs),
            message,
        };
        self.tally.unreadable(&unreadable);
        unreadable
    }

    /// Compares a response with what came before, and counts it. Gives it if something was found,
    /// or if it is wanted all the same.
    pub(super) fn absorb(
        &mut self,
        examined: Examined,
        read: &[u8],
        is_wanted: bool,
    ) -> Option<Checked> {
        let (spot, report, body) = self.compare(examined);
        if report.findings().is_empty() && !is_wanted {
            self.tally.conforming(report.shape());
            return None;
        }
        let mut checked = self.count(spot, report, body.bytes(read));
        checked.is_apart = matches!(body, Kept::Apart(_));
        Some(checked)
    }

    /// The findings, with those that follow from earlier polls, and without those that are left out.
    fn compare(&mut self, examined: Examined) -> (Spot, Report, Kept) {
        let Examined { spot, time, .. } = examined;
        let compare = |poll| self.timeline.add(poll, spot, time, &self.inputs);
        let found = examined.poll.map(compare).unwrap_or_default();
        if let Some(state) = examined.state {
            self.timeline.note(*state, spot, time, &found);
        }
        let mut report = examined.report.with(found);
        if !self.filter.is_empty() {
            let before = report.findings().len();
            report = report.filtered(|finding| self.filter.passes(finding));
            self.tally.ignored += (before - report.findings().len()) as u64;
        }
        (spot, report, examined.body)
    }

    fn count(&mut self, spot: Spot, report: Report, body: &[u8]) -> Checked {
        let source = spot.source(&self.inputs);
        if report.findings().is_empty() {
            self.tally.conforming(report.shape());
            return Checked::new(source, report, Vec::new());
        }
        let mut checked = Checked::new(source, report, body.to_vec());
        checked.new = self.tally.add(&checked);
        checked
    }

    /// What there is to say of all so far.
    #[must_use]
    pub fn summary(&self) -> Summary {
        let mut summary = self.tally.summary(&self.coverage);
        summary.inputs = self.inputs.count();
        summary.tasks = self.timeline.tasks();
        summary.lives = self.timeline.lives(&self.inputs);
        summary.stale = self.filter.stale();
        summary
    }
}
