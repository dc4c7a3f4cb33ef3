//! What reads a member of a task whatever its shape, as `build.rs` made it of the OpenAPI document.

use super::{generated::types::Task, shape::Shape};

include!(concat!(env!("OUT_DIR"), "/members.rs"));
