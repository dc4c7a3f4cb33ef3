//! A ledger in Postgres, which any number of workers share.

mod address;
mod claims;
mod connections;
mod failure;
mod fenced;
mod ledger;
mod limits;
mod schema;
mod status;
mod task_id;
mod tasks;
mod version;
mod videos;
mod worker;

pub use self::{address::PostgresAddress, ledger::PostgresLedger};
pub(crate) use self::{status::read_status, worker::run_worker};
