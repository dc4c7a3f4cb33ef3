//! Parquet and Arrow IPC to chunks of cells, batch by batch.

mod cell_value;
mod choice;
mod guard;
mod ipc_file;
mod ipc_message;
mod ipc_stream;
mod leaf;
mod parquet_batches;
mod seekable;
mod table_file;
mod table_source;

pub use self::guard::is_panic_caught;
pub(in crate::input) use self::table_file::TableFile;
