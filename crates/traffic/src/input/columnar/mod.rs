//! Tables that are stored column by column: Parquet and Arrow IPC.
//!
//! They are always recognised, and read with the feature `parquet`.

mod container;
mod problem;
#[cfg(feature = "parquet")]
mod read;
#[cfg(not(feature = "parquet"))]
mod unsupported;

#[cfg(feature = "parquet")]
pub(super) use self::read::TableFile;
#[cfg(not(feature = "parquet"))]
pub(super) use self::unsupported::TableFile;
pub(super) use self::{container::Container, problem::Problem};
