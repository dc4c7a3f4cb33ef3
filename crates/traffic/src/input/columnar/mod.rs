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
#[cfg(feature = "parquet")]
pub use self::read::is_panic_caught;
#[cfg(not(feature = "parquet"))]
pub(super) use self::unsupported::TableFile;
#[cfg(not(feature = "parquet"))]
pub use self::unsupported::is_panic_caught;
pub(super) use self::{container::Container, problem::Problem};
