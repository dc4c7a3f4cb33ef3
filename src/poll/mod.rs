//! Bounded polling: of one task, and of many.

mod budget;
mod classify;
mod duration_limit;
mod error;
mod event;
mod failures;
mod machine;
mod observation;
mod observations;
mod outbox;
mod outcome;
mod policy;
mod scheduler;
mod snapshot;
mod upstream;
mod wait;
mod watch;

pub use self::{
    classify::{DefaultClassifier, FailureClass, FailureClassifier, FailureContext},
    error::WaitError,
    event::WaitEvent,
    observation::{Observation, RetryAfter, StatusChange},
    observations::Observations,
    outcome::{Failed, Outcome, Succeeded, TimedOut, UpstreamEnded},
    policy::{ErrorPolicy, WaitPolicy},
    snapshot::WaitSnapshot,
    wait::Wait,
    watch::{Watch, WatchHandle, Watched},
};
