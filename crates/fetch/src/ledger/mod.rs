//! The ledger: what is known of each task and each video, in SQLite.

mod database;
mod rows;
mod schema;
mod shared;
mod store;

pub(crate) use self::{
    database::Ledger,
    rows::{TaskRow, TaskState, VideoRow, VideoState},
    shared::SharedLedger,
};
