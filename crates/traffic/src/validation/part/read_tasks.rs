//! The polls of tasks in a stored part, read and checked.

use std::sync::Arc;

use super::{
    invalid::InvalidPart,
    read_values::{hash, place, rule},
    records::{PollRecord, SpanRecord, TasksRecord, TextRecord, ToldRecord, VerdictRecord},
};
use crate::timeline::{
    ACTION, DistinctTasks, InputKey, Moment, Poll, PollAt, Position, STATUS, Span, SpanText,
    TaskPolls, Word,
};
use seedance_query::validate::{Rule, Verdict, coverage::Field};

type Result<T> = std::result::Result<T, InvalidPart>;

pub(super) fn tasks(record: TasksRecord, keys: &[Arc<InputKey>]) -> Result<TaskPolls> {
    let hashes: Result<Vec<u64>> = record.hashes.iter().map(|text| hash(text)).collect();
    let below = |text: Option<String>| text.map(|text| hash(&text)).transpose();
    let distinct = DistinctTasks::of_parts(hashes?, below(record.hashes_below)?);
    let mut polls = TaskPolls::without_tasks(distinct, below(record.polls_below)?);
    for record in record.polls {
        let task = hash(&record.task)?;
        let spans: Result<Vec<Span>> = record
            .spans
            .into_iter()
            .map(|record| span(record, task, keys))
            .collect();
        polls.insert(task, record.id.as_deref(), &spans?);
    }
    Ok(polls)
}

fn span(record: SpanRecord, task: u64, keys: &[Arc<InputKey>]) -> Result<Span> {
    let input = keys
        .get(record.input)
        .ok_or_else(|| InvalidPart::damaged("the input of a poll is missing"))?;
    Ok(Span {
        poll: told(&record.told, task)?,
        input: Arc::clone(input),
        first: poll_at(&record.first),
        last: record.last.as_ref().map(|last| Box::new(poll_at(last))),
        polls: record.polls,
        text: record.text.map(text).transpose()?.map(Box::new),
    })
}

fn poll_at(record: &PollRecord) -> PollAt {
    PollAt {
        moment: Moment {
            recorded: record.recorded,
            updated: record.updated,
        },
        position: Position::new(0, place(record.at.place, record.at.line), record.at.line),
        ordinal: record.at.n,
        verdict: match record.verdict {
            VerdictRecord::Conforms => Verdict::Conforms,
            VerdictRecord::Drifts => Verdict::Drifts,
            VerdictRecord::Violates => Verdict::Violates,
        },
    }
}

fn told(record: &ToldRecord, task: u64) -> Result<Poll> {
    let word = |text: &Option<String>, field: Option<&Field>| {
        let Some(text) = text else {
            return Ok(None);
        };
        let word = match text.strip_prefix('#') {
            Some(hash) => u32::from_str_radix(hash, 16).ok().map(Word::Other),
            None => Word::documented(text, field),
        };
        let unknown = || InvalidPart::damaged(&format!("`{text}` is not a documented value"));
        word.map(Some).ok_or_else(unknown)
    };
    let hash = |text: &Option<String>| text.as_deref().map(hash).transpose();
    Ok(Poll {
        task,
        status: word(&record.status, *STATUS)?,
        action: word(&record.action, *ACTION)?,
        progress: record.progress,
        submit_time: record.submit_time.and_then(|time| time.try_into().ok()),
        start_time: record.start_time.and_then(|time| time.try_into().ok()),
        upstream_id: hash(&record.upstream_id)?.and_then(|id| id.try_into().ok()),
        result_url: hash(&record.result_url)?.and_then(|url| url.try_into().ok()),
    })
}

fn text(record: TextRecord) -> Result<SpanText> {
    let rules: Result<Vec<Rule>> = record.rules.iter().map(|id| rule(id)).collect();
    Ok(SpanText {
        status: record.status,
        progress: record.progress,
        times: record.times,
        rules: rules?,
    })
}
