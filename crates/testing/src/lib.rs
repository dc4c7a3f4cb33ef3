//! What the tests and benchmarks of several crates share.
#![allow(missing_docs, reason = "nothing of this is published")]
#![allow(clippy::missing_panics_doc, reason = "a test panics where it fails")]

pub mod arbitrary;
mod asked_for;
pub mod bench;
pub mod files;
pub mod http_client;
pub mod http_message;
pub mod http_server;
pub mod memory;
pub mod mp4;
pub mod package;
pub mod patience;
pub mod raw_client;
pub mod replies;
pub mod secret_names;
