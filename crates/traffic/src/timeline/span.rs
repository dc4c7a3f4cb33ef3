//! Equal polls of a task in a row.

use std::sync::Arc;

use super::{inputs::InputKey, moment::Moment, poll::Poll, position::Position};
use seedance_query::{
    model::Source,
    validate::{Rule, Verdict},
};

/// The state that a poll found a task in, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct State {
    pub task_id: String,
    pub status: String,
    pub progress: Option<String>,
}

/// When and where a poll was made, and the verdict on it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PollAt {
    pub moment: Moment,
    pub position: Position,
    /// The number of the response in its input.
    pub ordinal: u64,
    /// The verdict without what other inputs show.
    pub verdict: Verdict,
}

/// Polls of a task in a row, within an input, that told the same.
#[derive(Clone, Debug)]
pub(crate) struct Span {
    pub poll: Poll,
    pub input: Arc<InputKey>,
    pub first: PollAt,
    /// The last one, if there are several.
    pub last: Option<Box<PollAt>>,
    pub polls: u64,
    /// If states are wanted.
    pub text: Option<Box<SpanText>>,
}

/// What a timeline shows of a span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SpanText {
    pub status: String,
    pub progress: Option<String>,
    /// When it was first and last seen, according to the recording.
    pub times: Option<(i64, i64)>,
    /// The rules that these polls broke in comparison with earlier ones of the input.
    pub rules: Vec<Rule>,
}

impl Span {
    pub fn new(
        poll: Poll,
        at: PollAt,
        input: &Arc<InputKey>,
        state: Option<&State>,
        rules: &[Rule],
    ) -> Self {
        let time = at.moment.recorded;
        Self {
            poll,
            input: Arc::clone(input),
            first: at,
            last: None,
            polls: 1,
            text: state.map(|state| {
                Box::new(SpanText {
                    status: state.status.clone(),
                    progress: state.progress.clone(),
                    times: time.map(|time| (time, time)),
                    rules: rules.to_vec(),
                })
            }),
        }
    }

    /// Adds a poll that told the same, or is one too many to be kept by itself.
    pub fn extend(&mut self, poll: Poll, at: PollAt, state: Option<&State>, rules: &[Rule]) {
        self.poll = poll;
        self.last = Some(Box::new(at));
        self.polls += 1;
        let (Some(text), Some(state)) = (&mut self.text, state) else {
            return;
        };
        text.status.clone_from(&state.status);
        if state.progress.is_some() {
            text.progress.clone_from(&state.progress);
        }
        text.times = joined(text.times, at.moment.recorded.map(|time| (time, time)));
        for rule in rules {
            if !text.rules.contains(rule) {
                text.rules.push(*rule);
            }
        }
    }

    /// Its first and its last poll.
    pub fn ends(&self) -> impl Iterator<Item = &PollAt> {
        [Some(&self.first), self.last.as_deref()]
            .into_iter()
            .flatten()
    }

    /// Where one of its polls is.
    pub fn source(&self, at: &PollAt) -> Source {
        at.position.source(&self.input.name)
    }
}

/// The time from the first to the last of two ranges.
pub(super) fn joined(one: Option<(i64, i64)>, other: Option<(i64, i64)>) -> Option<(i64, i64)> {
    match (one, other) {
        (Some((since, until)), Some((from, to))) => Some((since.min(from), until.max(to))),
        (known, None) | (None, known) => known,
    }
}
