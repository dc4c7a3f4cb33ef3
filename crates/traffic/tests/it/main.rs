//! Recordings in, reports out, and the proxy.

mod check;
mod output;
mod proxy;
