//! What moves while a command runs: bars, progress lines, the table of the proxy.

mod bars;
mod event_text;
mod heartbeat;
mod progress;
mod proxy_monitor;

pub(crate) use self::{
    progress::Progress,
    proxy_monitor::{ProxyMonitor, lock},
};
