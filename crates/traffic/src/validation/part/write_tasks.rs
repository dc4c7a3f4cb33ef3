//! The polls of tasks as they are stored in a part.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    records::{
        PollRecord, SpanRecord, TaskRecord, TasksRecord, TextRecord, ToldRecord, VerdictRecord,
    },
    streamed::Each,
    write_values::{at, hash},
};
use crate::timeline::{
    ACTION, InputKey, Poll, PollAt, STATUS, Span, SpanText, TaskPolls, TaskSpans, Word,
};
use seedance_query::validate::{Verdict, coverage::Field};

pub(super) fn tasks(polls: &TaskPolls, inputs: &BTreeMap<&InputKey, usize>) -> impl Serialize {
    let (hashes, below) = polls.distinct().parts();
    let tasks = polls.tasks();
    TasksRecord {
        hashes: Each(hashes.map(hash)),
        hashes_below: below.map(hash),
        polls: Each(tasks.map(move |(task, spans)| task_record(task, spans, inputs))),
        polls_below: polls.below().map(hash),
    }
}

fn task_record(task: u64, known: &TaskSpans, inputs: &BTreeMap<&InputKey, usize>) -> TaskRecord {
    let mut spans: Vec<SpanRecord> = known.spans.iter().map(|of| span(of, inputs)).collect();
    spans.sort_by_key(|span| (span.input, span.first.at.n));
    TaskRecord {
        task: hash(task),
        id: known.id.as_deref().map(str::to_owned),
        spans,
    }
}

fn span(span: &Span, inputs: &BTreeMap<&InputKey, usize>) -> SpanRecord {
    SpanRecord {
        input: inputs.get(&*span.input).copied().unwrap_or_default(),
        polls: span.polls,
        first: poll_at(span, &span.first),
        last: span.last.as_deref().map(|last| poll_at(span, last)),
        told: told(&span.poll),
        text: span.text.as_deref().map(text),
    }
}

fn poll_at(span: &Span, poll: &PollAt) -> PollRecord {
    PollRecord {
        at: at(poll.ordinal, &span.source(poll)),
        recorded: poll.moment.recorded,
        updated: poll.moment.updated,
        verdict: match poll.verdict {
            Verdict::Conforms => VerdictRecord::Conforms,
            Verdict::Drifts => VerdictRecord::Drifts,
            Verdict::Violates => VerdictRecord::Violates,
        },
    }
}

fn told(poll: &Poll) -> ToldRecord {
    let word = |word: Option<Word>, field: Option<&Field>| {
        word.map(|word| match word {
            Word::Other(hash) => format!("#{hash:08x}"),
            Word::Documented(_) => word.name(field).unwrap_or_default().to_owned(),
        })
    };
    ToldRecord {
        status: word(poll.status, *STATUS),
        action: word(poll.action, *ACTION),
        progress: poll.progress,
        submit_time: poll.submit_time.map(Into::into),
        start_time: poll.start_time.map(Into::into),
        upstream_id: poll.upstream_id.map(|id| hash(id.into())),
        result_url: poll.result_url.map(|url| hash(url.into())),
    }
}

fn text(text: &SpanText) -> TextRecord {
    TextRecord {
        status: text.status.clone(),
        progress: text.progress.clone(),
        times: text.times,
        rules: text.rules.iter().map(ToString::to_string).collect(),
    }
}
