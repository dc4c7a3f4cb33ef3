//! JSON Pointers to the members of the task query's bodies, as `build.rs` wrote them down: code that
//! names a place by its constant does not compile when the document moves or renames the member.

include!(concat!(env!("OUT_DIR"), "/pointers.rs"));
