//! What the polls of a task in different inputs show together, in whichever order the inputs are read.

use std::{cmp::Ordering, sync::Arc};

use super::{
    inputs::InputKey,
    rules::between,
    span::{PollAt, Span},
    task_polls::TaskPolls,
    task_spans::TaskSpans,
};
use seedance_query::{
    model::Source,
    validate::{Finding, Verdict},
};

/// What the polls of a task in different inputs show, at the later one of two.
#[derive(Debug)]
pub(crate) struct Across {
    /// The task, hashed.
    pub task: u64,
    pub finding: Finding,
    /// The later poll.
    pub source: Source,
    pub input: Arc<InputKey>,
    pub ordinal: u64,
    /// The verdict on it without what other inputs show.
    pub verdict: Verdict,
    /// When it was recorded, in Unix seconds.
    pub recorded: Option<i64>,
}

/// A poll at an end of a span.
struct End<'a> {
    /// The time that the recording or the body tells, or that of a poll before.
    time: Option<i64>,
    span: &'a Span,
    at: &'a PollAt,
}

/// All that the inputs show together, by task.
pub(crate) fn across(polls: &TaskPolls) -> Vec<Across> {
    polls
        .tasks()
        .flat_map(|(task, spans)| of_task(task, spans))
        .collect()
}

/// Puts the spans of a task in order, and compares each poll with the one before if that is from another
/// input; polls of the same input were compared as they were read.
fn of_task(task: u64, spans: &TaskSpans) -> Vec<Across> {
    let is_single = |input: &InputKey| {
        let mut others = spans.spans.iter();
        others.all(|span| *span.input == *input)
    };
    if spans
        .spans
        .first()
        .is_none_or(|first| is_single(&first.input))
    {
        return Vec::new();
    }
    let ordered = in_order(spans);
    let mut ends: Vec<End<'_>> = Vec::with_capacity(2 * ordered.len());
    for (time, span) in ordered {
        for at in span.ends() {
            ends.push(End {
                time: time_of(at).or(time),
                span,
                at,
            });
        }
    }
    ends.sort_by(|a, b| {
        let by_time = a.time.cmp(&b.time);
        by_time
            .then_with(|| a.span.input.cmp(&b.span.input))
            .then(a.at.ordinal.cmp(&b.at.ordinal))
    });
    let mut found = Vec::new();
    for pair in ends.windows(2) {
        let [one, other] = pair else { continue };
        if one.span.input == other.span.input {
            continue;
        }
        let order = one.at.moment.order(other.at.moment);
        let (earlier, later) = match order {
            Some(Ordering::Greater) => (other, one),
            _ => (one, other),
        };
        let order = order.map(|_| Ordering::Less);
        let findings = between(&earlier.span.poll, &later.span.poll, order, || {
            earlier.span.source(earlier.at)
        });
        found.extend(findings.into_iter().map(|finding| Across {
            task,
            finding,
            source: later.span.source(later.at),
            input: Arc::clone(&later.span.input),
            ordinal: later.at.ordinal,
            verdict: later.at.verdict,
            recorded: later.at.moment.recorded,
        }));
    }
    found
}

/// The time of a poll: that of the recording, or else of the last change that the body tells.
fn time_of(at: &PollAt) -> Option<i64> {
    at.moment.recorded.or(at.moment.updated)
}

/// The spans of a task by time, then by input and by their place in it; one without a time follows
/// the one before it in its input.
pub(super) fn in_order(spans: &TaskSpans) -> Vec<(Option<i64>, &Span)> {
    let mut ordered: Vec<(Option<i64>, &Span)> =
        spans.spans.iter().map(|span| (None, span)).collect();
    ordered.sort_by(|(_, a), (_, b)| {
        let by_input = a.input.cmp(&b.input);
        by_input.then(a.first.ordinal.cmp(&b.first.ordinal))
    });
    let mut before: Option<(&InputKey, i64)> = None;
    for (time, span) in &mut ordered {
        let known = before.filter(|(input, _)| **input == *span.input);
        *time = time_of(&span.first).or(known.map(|(_, time)| time));
        before = time.map(|time| (&*span.input, time)).or(before);
    }
    // Stable: what has the same time stays in order.
    ordered.sort_by_key(|(time, _)| *time);
    ordered
}
