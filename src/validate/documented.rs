//! Types that accept the body of a success that is as documented, as `build.rs` made them of the
//! OpenAPI document. Nothing here is edited.
#![allow(
    clippy::all,
    clippy::pedantic,
    missing_docs,
    unreachable_patterns,
    unused_imports,
    rustdoc::all
)]

use super::{
    de::{boolean, integer, nullable, reject, some, text},
    field::{Field, FieldCounter},
    json_members as json,
};
use crate::model::Shape;

include!(concat!(env!("OUT_DIR"), "/documented.rs"));
