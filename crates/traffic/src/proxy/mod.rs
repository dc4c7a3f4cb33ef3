//! A proxy that clients in any language can use.
//!
//! ```text
//! client ──▶ handler ──▶ upstream        the traffic, byte for byte
//!               │
//!              tee ──queue──▶ worker ──▶ Session, Recorder
//! ```
//!
//! Every response passes through unchanged: status, headers, encoding and trailers, streamed, with
//! the errors of the upstream. A copy of each response to a `GET` goes to a worker thread that reads
//! it as a recording is read, validates it if it tells of a task and, if configured, records it. This cannot delay, change or break the traffic:
//! responses that the worker cannot keep up with are left unvalidated and counted.
//!
//! The proxy follows RFC 9110, section 7.6: hop-by-hop headers are not forwarded, and `Host` is that
//! of the upstream. Headers keep their case and their order, except that those of one name are
//! grouped. Of `Content-Length` beside `Transfer-Encoding` only the latter is forwarded. The proxy itself
//! answers `Expect: 100-continue`; other interim responses are dropped. Each client connection has its
//! own connection to the upstream. Only if the upstream gives no response, or the request is one that
//! cannot be forwarded (a malformed body, a WebSocket), the proxy answers itself, with an error body of
//! the API and a header `seedance-proxy` with the reason. A client that neither sends nor takes anything
//! for a while is disconnected. No request goes to another host than the upstream. Redirects are left to the
//! client.
//!
//! The proxy serves four pages: `/_report`, `/_report.json`, `/_metrics` and `/_upstream.json`, which tells
//! whether the upstream takes connections. On loopback they are served
//! under local host names only; elsewhere they need a [token](ProxyBuilder::page_token). A program can add
//! [others](ProxyBuilder::own_pages), and [observe](ProxyBuilder::on_exchange) each exchange.
//!
//! # Examples
//!
//! ```no_run
//! use seedance_query::capture::Recorder;
//! use seedance_traffic::proxy::Proxy;
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let proxy = Proxy::builder()
//!     .upstream("https://gateway.example")
//!     .record(Recorder::new("captures")?)
//!     .start()
//!     .await?;
//! println!("use http://{} as the base URL", proxy.local_addr());
//! tokio::signal::ctrl_c().await?;
//! let summary = proxy.shutdown().await;
//! println!("{} responses validated", summary.report.responses);
//! # Ok(())
//! # }
//! ```

mod builder;
mod connection;
mod content_encoding;
mod credentials;
mod exchange_counts;
mod exchange_head;
mod failure;
mod handler;
mod hop_by_hop;
mod metrics;
mod observed;
mod operation_name;
mod own_pages;
mod page_token;
mod pages;
mod queue;
mod request_body;
mod route;
mod running;
mod seen_exchange;
mod serve;
mod shared;
mod summary;
mod tee;
mod upstream;
mod worker;

pub use self::{
    builder::ProxyBuilder,
    exchange_counts::OperationCount,
    observed::{ExchangeOutcome, ObservedExchange},
    own_pages::{OwnPage, PageAccess},
    running::Proxy,
    summary::ProxySummary,
    worker::ProxyEvent,
};
#[doc(hidden)]
pub use self::{
    exchange_head::ExchangeHead,
    route::has_local_host,
    seen_exchange::{SeenBody, SeenExchange},
};
