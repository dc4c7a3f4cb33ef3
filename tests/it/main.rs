//! Everything that a user of the crate can see, over real bodies, real sockets and the real binary.

mod arbitrary;
mod build;
mod captures;
#[cfg(feature = "check")]
mod check;
#[cfg(feature = "cli")]
mod cli;
mod client;
#[cfg(all(feature = "cli", feature = "mock"))]
mod commands;
#[cfg(feature = "diff")]
mod diff;
mod download;
mod drift;
#[cfg(all(feature = "cli", feature = "mock"))]
mod fetch;
mod files;
mod hostile;
#[cfg(feature = "mock")]
mod losses;
#[cfg(feature = "mock")]
mod mock;
#[cfg(feature = "check")]
mod output;
#[cfg(feature = "mock")]
mod patience;
mod properties;
#[cfg(feature = "proxy")]
mod proxy;
mod readme;
mod record;
mod redaction;
mod secrets;
mod server;
mod shapes;
mod store;
mod wait;
mod watch;
