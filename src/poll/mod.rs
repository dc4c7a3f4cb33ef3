//! Bounded polling: of one task, and of many.

mod error;
mod machine;
mod observation;
mod outbox;
mod outcome;
mod policy;
mod scheduler;
mod wait;
mod watch;

pub use self::{
    error::WaitError,
    observation::{Observation, StatusChange},
    outcome::{Failed, Outcome, Succeeded, TimedOut},
    policy::{ErrorPolicy, WaitPolicy},
    wait::{Observations, Wait, WaitEvent},
    watch::{Watch, WatchHandle, Watched},
};
