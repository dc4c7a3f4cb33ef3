//! The two readings of the OpenAPI document, as `build.rs` compiled them. Nothing here is edited.
#![allow(
    clippy::all,
    clippy::pedantic,
    missing_docs,
    unreachable_patterns,
    unused_imports,
    rustdoc::all
)]

include!(concat!(env!("OUT_DIR"), "/readings.rs"));
