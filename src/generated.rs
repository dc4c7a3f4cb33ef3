//! What `build.rs` made of the OpenAPI document. Nothing here is edited.
#![allow(
    clippy::all,
    clippy::pedantic,
    dead_code,
    missing_docs,
    unreachable_patterns,
    unused_imports,
    rustdoc::all
)]

include!(concat!(env!("OUT_DIR"), "/generated.rs"));
