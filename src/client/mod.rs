//! The client: configuration, the query, and the other operations of the document.

mod address_policy;
mod api_key;
mod base_url;
mod builder;
mod environment;
mod error;
mod error_messages;
mod exchange;
#[doc(hidden)]
pub mod generated;
mod hook;
mod interpret;
mod key_source;
mod network_zone;
mod observer;
mod post;
mod query;
mod rate_limit;
mod raw;
mod receive;
mod reserved_headers;
mod response;
mod retry_after;
mod scheme_hint;
mod secrets;
mod settings;
mod tls;
pub(crate) mod trace;
mod transport;
mod turns;
mod warning;

#[cfg(feature = "__rustls")]
#[doc(hidden)]
pub use self::tls::rustls_config;
#[doc(hidden)]
pub use self::turns::Turns;
pub use self::{
    api_key::{ApiKey, InvalidApiKey, KeyProvider},
    builder::ClientBuilder,
    error::Error,
    observer::{ObservedExchange, Observer},
    query::Client,
    response::QueryResponse,
    warning::ClientWarning,
};
pub(crate) use self::{
    exchange::Exchange,
    query::Answer,
    rate_limit::{MAX_RETRY_AFTER, RateLimit},
    raw::SendError,
    retry_after::{retry_after, sent_at},
};
