//! The program, as a user runs it.

mod cli;
mod commands;
mod diff;
mod fetch;
mod proxy;
mod record;
mod validate;
