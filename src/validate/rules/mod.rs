//! What a schema cannot say: relations between fields, and what their values mean.
//!
//! A family of rules is a file, a rule is a function over the task, and all of them run on every
//! body: they allocate only for what they find.

mod error;
mod failure;
mod foreign;
mod gateway_row;
mod outcome;
mod pending;
mod progress;
mod run;
mod signature;
mod status;
mod success;
mod super_resolution;
mod time;
mod tokens;
mod url;

pub(super) use self::{
    error::check as check_error,
    outcome::Outcome,
    run::{check, check_row},
};
