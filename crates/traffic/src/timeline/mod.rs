//! Polls of the same task, compared: a terminal status stays, progress does not fall.
//!
//! Polls of an input are compared as they are read, each with the one before ([`History`]). Those of
//! different inputs are kept ([`TaskPolls`]) and put in order once all are there, so that the result
//! does not depend on the order of the inputs.

mod across;
mod distinct_tasks;
mod history;
mod inputs;
mod moment;
mod poll;
mod position;
mod rules;
mod span;
mod task_polls;
mod task_spans;
mod task_timelines;

pub(crate) use self::{
    across::{Across, across},
    distinct_tasks::DistinctTasks,
    history::History,
    inputs::{InputId, InputKey, InputKind, Inputs},
    moment::Moment,
    poll::{ACTION, Poll, STATUS, Word, hash},
    position::Position,
    span::{PollAt, Span, SpanText, State},
    task_polls::TaskPolls,
    task_spans::TaskSpans,
    task_timelines::{timeline_of, timelines},
};
