//! The names of the document's members, as `build.rs` wrote them down: code that names a member by
//! its constant does not compile when the document calls it something else.

include!(concat!(env!("OUT_DIR"), "/names.rs"));
