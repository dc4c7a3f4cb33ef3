//! What the OpenAPI document says outside of its schemas, as `build.rs` wrote it down. Nothing here
//! is edited.

use super::{shape::Shape, status::Status};

include!(concat!(env!("OUT_DIR"), "/tables.rs"));
