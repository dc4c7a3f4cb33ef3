//! Reads the OpenAPI document: checked, composed and lowered to JSON Schema.
//!
//! The build generates everything from it, and `seedance-diff` compares two of them.
//!
//! ```text
//! text ──yaml──▶ JSON ──lint──▶ checked ──compose──▶ schemas without `allOf`
//!                                                        │
//!              what is said outside of schemas ◀─metadata┤
//!                 contract and documentation ◀───lower───┘
//! ```

pub mod branch_types;
pub mod compose;
mod discriminators;
mod document;
mod error;
mod examples;
mod extensions;
mod formats;
mod hoist;
mod keywords;
mod lint;
mod lower;
mod metadata;
mod note;
mod null;
mod openapi31;
pub mod operation;
pub mod operation_role;
pub mod pointer;
mod positions;
mod problem;
mod promises;
mod raw;
mod read_operations;
mod reading;
pub mod references;
pub mod request_limits;
mod schema_places;
mod shape_values;
pub mod shapes;
mod type_branches;
mod union;
mod union_checks;
pub mod union_ends;
mod version;
mod yaml;

pub use self::{
    document::{Document, read, read_unchecked},
    error::Error,
    extensions::EXTENSIONS,
    metadata::{MappedStatus, Metadata},
    note::Note,
    positions::Positions,
    problem::Problem,
    raw::{Raw, read_raw},
    reading::Reading,
    references::branch_references,
};
