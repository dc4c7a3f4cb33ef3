//! Tests that need installed programs: Chromium for the HTML report and the playground, xmllint for the JUnit report,
//! a Postgres server for the ledger of a fleet, a server that speaks S3 for its videos.
//!
//! Plain `cargo test` leaves this package out, so that it passes on a bare machine. Run
//! `cargo test -p seedance-external-tests` after `.ci/tools DIRECTORY`, with the `bin` of that directory
//! on the `PATH`; a program that is missing fails the test that needs it.
#![allow(missing_docs, reason = "nothing of this is published")]
#![allow(clippy::missing_panics_doc, reason = "a test panics where it fails")]

mod browser;
mod postgres_server;
mod program;
mod recordings;
mod repository;

pub use self::{
    browser::Browser,
    postgres_server::{PASSWORD, PostgresServer, connect},
    program::{seedance_query, started},
    recordings::validate_all,
    repository::Repository,
};
