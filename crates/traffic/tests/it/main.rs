//! Recordings in, reports out, and the proxy.

mod output;
mod proxy;
mod validate;
