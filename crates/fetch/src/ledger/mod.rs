//! The ledger: what is known of each submission, task and video. What a batch asks of it is one trait;
//! SQLite keeps the one of a directory.

mod database;
mod directory;
mod engine;
mod rows;
mod schema;
mod shared;
mod store;
mod submissions;

pub(crate) use self::{
    database::Database,
    submissions::{NewSubmission, SubmissionEnd},
};
pub use self::{
    directory::DirectoryLedger,
    engine::{Backlog, Beginning, Claim, Claimed, Claims, Ledger, Placing},
    rows::{LedgerRows, TaskRow, TaskState, VideoRow, VideoState},
};
