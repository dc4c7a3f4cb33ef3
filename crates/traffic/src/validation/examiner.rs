//! One response by itself; any number can be examined in parallel.

use std::ops::Range;

use super::kept::Kept;
use crate::{
    input::Exchange,
    timeline::{Poll, Position, State},
};
use seedance_query::{
    model::Shape,
    redact,
    validate::{
        Facts, Observer, ParsedBody, Report, Rule,
        coverage::{self, Coverage},
        documented,
    },
};

/// A response and its findings, before it is compared with others.
#[derive(Debug)]
pub(crate) struct Examined {
    pub position: Position,
    pub http_status: Option<u16>,
    pub time: Option<i64>,
    /// When the task last changed, according to the body.
    pub updated: Option<i64>,
    /// The form of the answer, as the report names it.
    pub form: &'static str,
    pub report: Report,
    pub poll: Option<Poll>,
    /// If states are wanted.
    pub state: Option<Box<State>>,
    /// Where its body is in the chunk.
    pub body: Kept,
}

/// Validates responses and counts their fields.
pub(crate) struct Examiner<'a> {
    pub coverage: &'a mut Coverage,
    pub wants_states: bool,
}

impl Examiner<'_> {
    /// `within` is the range of the body in the chunk, unless it had to be decoded.
    pub fn examine(
        &mut self,
        exchange: Exchange<'_>,
        position: Position,
        within: Option<Range<usize>>,
    ) -> Examined {
        let mut notes = Notes {
            coverage: self.coverage,
            wants_state: self.wants_states,
            poll: None,
            updated: None,
            state: None,
        };
        let mut parsed = ParsedBody::new(exchange.status, exchange.body);
        if let Some(operation) = exchange.operation {
            parsed = parsed.answer_of(operation);
        }
        if let Some(id) = exchange.asked_for {
            parsed = parsed.asked_for(id);
        }
        let mut report = parsed.report_to(&mut notes);
        if exchange.is_local {
            report = report.without_rule(Rule::LoopbackUrl);
        }
        let form = match (parsed.form(), report.shape()) {
            (Some(form), _) => form.name(),
            (None, Some(Shape::Error)) => Shape::Error.name(),
            (None, _) => "none",
        };
        let (poll, updated, state) = (notes.poll, notes.updated, notes.state);
        let body = match within {
            Some(range) => Kept::Within(range),
            // Comparison with other polls may still find something.
            None if !report.findings().is_empty() || poll.is_some() => Kept::copy(exchange.body),
            None => Kept::nothing(),
        };
        Examined {
            position,
            http_status: exchange.status,
            time: exchange.time,
            updated,
            form,
            report,
            poll,
            state,
            body,
        }
    }
}

struct Notes<'a> {
    coverage: &'a mut Coverage,
    wants_state: bool,
    poll: Option<Poll>,
    updated: Option<i64>,
    state: Option<Box<State>>,
}

impl Observer for Notes<'_> {
    fn documented(&mut self, response: &documented::Response<'_>) {
        coverage::count(response, self.coverage);
    }

    fn json(&mut self, body: &serde_json::Value) {
        self.coverage.json(body);
    }

    fn task(&mut self, task: &Facts<'_>) {
        self.poll = Poll::of(task);
        self.updated = task.updated_at;
        if self.wants_state {
            self.state = task.task_id.map(|id| {
                Box::new(State {
                    task_id: redact::text(id).into_owned(),
                    status: redact::text(task.status.unwrap_or("-")).into_owned(),
                    progress: task
                        .progress
                        .map(|progress| redact::text(progress).into_owned()),
                })
            });
        }
    }
}
