//! Bounded polling: of one task, and of many.

mod classify;
mod error;
mod failures;
mod machine;
mod observation;
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
    observation::{Observation, RetryAfter, StatusChange},
    outcome::{Failed, Outcome, Succeeded, TimedOut, UpstreamEnded},
    policy::{ErrorPolicy, WaitPolicy},
    snapshot::WaitSnapshot,
    wait::{Observations, Wait, WaitEvent},
    watch::{Watch, WatchHandle, Watched},
};
