//! The client that `build.rs` generates from the OpenAPI document. Nothing here is edited.
#![allow(
    clippy::all,
    clippy::pedantic,
    missing_docs,
    unreachable_patterns,
    unused_imports,
    rustdoc::all
)]

use crate::model::types;

include!(concat!(env!("OUT_DIR"), "/client.rs"));
