//! The shapes that a body can have, as `build.rs` made them of the OpenAPI document.

use std::fmt;

include!(concat!(env!("OUT_DIR"), "/shapes.rs"));

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
