//! One response, looked at by itself; any number of them can be at a time.

use std::{ops::Range, time::SystemTime};

use super::{
    spot::Spot,
    timeline::{Poll, State},
};
use seedance_query::{
    redact,
    validate::{
        Facts, Observer, Report,
        coverage::{self, Coverage},
        documented, validate_before,
    },
};

/// What a response turned out to be, before it is compared with others.
#[derive(Debug)]
pub(crate) struct Examined {
    pub spot: Spot,
    pub time: Option<i64>,
    pub report: Report,
    pub poll: Option<Poll>,
    /// If states are wanted.
    pub state: Option<Box<State>>,
    /// Where its body is, in what was read along with it.
    pub body: Kept,
}

/// A body that may have to be shown.
#[derive(Clone, Debug)]
pub(crate) enum Kept {
    /// It stands as it is in what was read.
    Within(Range<usize>),
    /// It had to be decoded.
    Apart(Vec<u8>),
}

impl Kept {
    pub fn bytes<'a>(&'a self, read: &'a [u8]) -> &'a [u8] {
        match self {
            Self::Within(range) => read.get(range.clone()).unwrap_or_default(),
            Self::Apart(bytes) => bytes,
        }
    }
}

/// An exchange as far as it was recorded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exchange<'a> {
    pub status: Option<u16>,
    /// In Unix seconds.
    pub time: Option<i64>,
    pub body: &'a [u8],
}

/// The time of an exchange as it is kept; none before 1970.
pub(crate) fn unix_seconds(time: SystemTime) -> Option<i64> {
    let elapsed = time.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    i64::try_from(elapsed.as_secs()).ok()
}

/// Checks responses and counts their fields.
pub(crate) struct Examiner<'a> {
    pub coverage: &'a mut Coverage,
    pub wants_states: bool,
}

impl Examiner<'_> {
    /// `within` is where the body stands in what was read, if it stands there as it is.
    pub fn examine(
        &mut self,
        exchange: Exchange<'_>,
        spot: Spot,
        within: Option<Range<usize>>,
    ) -> Examined {
        let mut notes = Notes {
            coverage: self.coverage,
            wants_state: self.wants_states,
            poll: None,
            state: None,
        };
        let report = validate_before(exchange.status, exchange.body, &mut notes);
        let (poll, state) = (notes.poll, notes.state);
        let body = match within {
            Some(range) => Kept::Within(range),
            // Comparing it with other polls may find something even if nothing is found here.
            None => Kept::Apart(exchange.body.to_vec()),
        };
        Examined {
            spot,
            time: exchange.time,
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
