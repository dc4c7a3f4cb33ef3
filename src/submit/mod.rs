//! Submits tasks: a request that is checked first, sent once, and never again by itself.
//!
//! A task is billed, and nothing tells a second submission from the first. So what cannot be sent
//! twice is not retried, and a [`SubmitError`] says which it is: surely not accepted, surely accepted,
//! or unknown.

mod acceptance;
mod error;
mod send;
mod submission;
mod submitted;

pub use self::{
    acceptance::Acceptance,
    error::SubmitError,
    submission::{InvalidSubmission, Submission},
    submitted::Submitted,
};
