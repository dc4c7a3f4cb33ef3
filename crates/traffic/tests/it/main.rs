//! Recordings in, reports out, and the proxy.

mod merge;
mod output;
mod part_text;
mod proxy;
mod validate;
