#![doc = include_str!("../README.md")]

pub mod capture;
#[cfg(feature = "check")]
pub mod check;
mod client;
#[cfg(test)]
mod codegen;
mod decode;
#[cfg(feature = "diff")]
pub mod diff;
mod download;
mod error;
#[cfg(feature = "fetch")]
pub mod fetch;
mod file_name;
mod generated;
mod hash;
pub mod mask;
#[cfg(feature = "mock")]
pub mod mock;
#[cfg(feature = "proxy")]
pub mod proxy;
mod reason;
mod result_url;
mod sensitive;
mod shape;
mod source;
#[cfg(any(test, feature = "diff"))]
#[cfg_attr(
    not(all(test, feature = "diff")),
    allow(dead_code, unused_imports) // the build has uses for the rest of it
)]
mod spec;
mod task;
mod task_id;
mod validate;
mod wait;
mod watch;

pub use client::{Client, ClientBuilder, ObservedExchange, Observer, QueryResponse};
pub use decode::decode;
pub use download::{Download, DownloadError, DownloadProgress, Downloaded};
pub use error::Error;
pub use generated::types;
pub use result_url::{Expiry, ExpirySource, ResultUrl, Unusable, UrlKind};
pub use sensitive::SensitiveString;
pub use shape::Shape;
pub use source::{Place, Source};
pub use task_id::{InvalidTaskId, TaskId};
pub use validate::{Finding, Report, Rule, Severity, Verdict, validate, validate_response};
pub use wait::{
    ErrorPolicy, Failed, Observation, Observations, Outcome, Succeeded, TimedOut, Wait, WaitError,
    WaitEvent, WaitPolicy,
};
pub use watch::{Watch, Watched};

/// The OpenAPI document that everything is generated from.
pub const OPENAPI: &str = include_str!("../openapi/seedance-task-query.yaml");
/// What a client must be able to rely on, as JSON Schema 2020-12.
pub const CONTRACT_SCHEMA: &str = generated::contract::RESPONSE_SCHEMA;
/// The contract and all that the documentation promises, as JSON Schema 2020-12.
pub const DOCUMENTATION_SCHEMA: &str = generated::documentation::RESPONSE_SCHEMA;
