//! What every engine of the ledger of a batch has to do.
//!
//! An engine passes if the tests pass that [`tests!`] makes for its [`Store`].
#![allow(missing_docs, reason = "nothing of this is published")]
#![allow(clippy::missing_panics_doc, reason = "a test panics where it fails")]

pub mod claiming;
pub mod ending;
mod fixtures;
pub mod placing;
pub mod repeating;
mod store;
mod suite;

pub use self::{
    fixtures::{claimed, ids, succeeded},
    store::Store,
};
