//! Bounded polling: of one task, and of many.

mod error;
mod machine;
mod observation;
mod outcome;
mod policy;
mod wait;
mod watch;

pub use self::{
    error::WaitError,
    observation::Observation,
    outcome::{Failed, Outcome, Succeeded, TimedOut},
    policy::{ErrorPolicy, WaitPolicy},
    wait::{Observations, Wait, WaitEvent},
    watch::{Watch, Watched},
};
