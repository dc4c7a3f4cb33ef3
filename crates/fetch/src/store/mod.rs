//! Videos in an object store, through the crate `object_store`.

mod address;
mod connector;
mod error;
mod failure;
mod metadata;
mod multipart;
mod object;
mod open_upload;
mod place;
mod put;
mod staged_file;
mod unfinished;

pub use self::{error::StoreError, place::Store};
