//! A broken document stops the build with one message that names the place; the code generated of
//! the real one is pinned.

mod constants;
mod document;
mod keywords;
mod openapi31;
mod operations;
mod output;
mod shapes;
mod spec;
mod unions;
