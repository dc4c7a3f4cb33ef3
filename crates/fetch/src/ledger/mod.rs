//! The ledger: what is known of each task and each video, in SQLite.

mod rows;
mod schema;
mod store;

pub(crate) use self::{
    rows::{TaskRow, TaskState, VideoRow, VideoState},
    store::Ledger,
};
