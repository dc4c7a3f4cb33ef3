//! The commands, one a file.

mod completions;
mod demo;
mod diff;
mod dispatch;
mod download;
mod fetch;
mod get;
mod mock;
mod proxy;
mod spec;
mod validate;
mod wait;

pub(crate) use self::dispatch::run;
