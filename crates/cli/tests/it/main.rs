//! The program, as a user runs it.

mod canary;
mod cli;
mod commands;
mod common_findings;
mod diff;
mod exit_statuses;
mod explain;
mod fetch;
mod first_contact;
mod live;
#[cfg(target_os = "linux")]
mod memory;
mod mock;
mod program;
mod proxy;
mod proxy_command;
mod proxy_outputs;
mod readme;
mod readme_promises;
mod record;
mod retry_after;
mod running;
mod submit;
mod submit_ledger;
mod summary;
mod terminal;
mod validate;
