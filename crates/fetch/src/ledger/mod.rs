//! The ledger: what is known of each submission, task and video, in SQLite.

mod database;
mod rows;
mod schema;
mod shared;
mod store;
mod submissions;

pub(crate) use self::{
    database::Ledger,
    rows::{TaskRow, TaskState, VideoRow, VideoState},
    shared::SharedLedger,
    submissions::{NewSubmission, SubmissionEnd},
};
