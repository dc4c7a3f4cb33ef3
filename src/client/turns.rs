//! Turns that the queries of a client take together with those of other processes.

use futures_util::future::BoxFuture;

/// Says when the next query may begin, in addition to the client's own rate.
#[doc(hidden)]
pub trait Turns: Send + Sync {
    /// Is ready when a query may begin.
    fn turn(&self) -> BoxFuture<'_, ()>;
}
