//! Recordings in, reports out, and the proxy.

mod merge;
mod output;
mod proxy;
mod validate;
