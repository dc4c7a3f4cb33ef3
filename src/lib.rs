#![doc = include_str!("../README.md")]

pub mod capture;
pub mod client;
pub mod download;
pub mod model;
pub mod poll;
pub mod redact;
pub mod submit;
pub mod validate;

pub use client::{
    ApiKey, Client, ClientBuilder, ClientWarning, Error, InvalidApiKey, KeyProvider,
    ObservedExchange, Observer, QueryResponse,
};
pub use download::{
    Download, DownloadError, DownloadProgress, DownloadWait, Downloaded, Streamed, Verification,
    VideoStream,
};
pub use model::{
    Expiry, ExpirySource, InvalidTaskId, MAX_BODY_BYTES, Place, ResultUrl, SensitiveString, Shape,
    Source, TaskForm, TaskId, TaskState, TaskView, Unusable, UpstreamView, UrlKind, types,
};
pub use poll::{
    DefaultClassifier, ErrorPolicy, Failed, FailureClass, FailureClassifier, FailureContext,
    Observation, Observations, Outcome, RetryAfter, StatusChange, Succeeded, TimedOut,
    UpstreamEnded, Wait, WaitError, WaitEvent, WaitPolicy, WaitSnapshot, Watch, WatchHandle,
    Watched,
};
pub use submit::{Acceptance, InvalidSubmission, Submission, SubmitError, Submitted};
pub use validate::{
    CONTRACT_SCHEMA, DOCUMENTATION_SCHEMA, Finding, Report, Rule, Severity, Validator, Verdict,
    decode, validate, validate_exchange, validate_response,
};

pub use {bytes, http, reqwest};

/// The OpenAPI document that everything is generated from.
pub const OPENAPI: &str = include_str!("../openapi/seedance-task-query.yaml");
