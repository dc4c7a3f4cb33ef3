//! Generates the client, its types and both schemas from the OpenAPI document.
//!
//! `build.rs` runs this at build time and the tests run it over broken documents; nothing of it is
//! part of the library.

mod branches;
mod client;
mod conditions;
mod constants;
mod coverage;
mod fast_path;
mod file;
mod generate;
mod generator_error;
mod json_reading;
mod merged_struct;
mod names;
mod operations;
mod plain_document;
mod property;
mod received;
mod required_members;
mod shapes;
mod tables;
mod types;

pub use self::{
    file::{File, Output},
    generate::{RUST_FILES, render},
};
