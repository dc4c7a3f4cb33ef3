//! The commands, one a file.

mod completions;
mod demo;
mod diff;
mod dispatch;
mod download;
mod explain;
mod fetch;
mod fleet;
mod fleet_metrics;
mod get;
mod ledger;
mod mock;
mod place;
mod playground;
mod polling;
mod proxy;
mod spec;
mod status;
mod submit;
mod summary;
mod validate;
mod verify;
mod wait;

pub(crate) use self::dispatch::run;
