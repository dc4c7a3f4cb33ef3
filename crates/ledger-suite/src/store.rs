//! Where an engine keeps a ledger.

use std::future::Future;

use seedance_fetch::Ledger;

/// A ledger of its own, on which runs begin one after the other. A run that is dropped has been
/// killed: nothing is released.
pub trait Store {
    type Ledger: Ledger;

    fn open(&self) -> impl Future<Output = Self::Ledger>;
}
