//! The types that `build.rs` made of the OpenAPI document. Nothing here is edited.
#![allow(
    clippy::all,
    clippy::pedantic,
    missing_docs,
    unreachable_patterns,
    unused_imports,
    rustdoc::all
)]

use super::lenient;

include!(concat!(env!("OUT_DIR"), "/types.rs"));
