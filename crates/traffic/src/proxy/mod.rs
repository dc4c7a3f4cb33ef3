//! A proxy that any client in any language can be pointed at (feature `proxy`).
//!
//! ```text
//! client ──▶ answer ──▶ upstream        the traffic, byte for byte
//!               │
//!              tee ──queue──▶ worker ──▶ Session, Recorder
//! ```
//!
//! Every response passes through as it is: status, headers, encoding, trailers, as it streams, and
//! with the errors of the upstream. A copy of each response to the task query goes to a thread that
//! checks it, and records it if that is wanted. Nothing of that can delay, change or break the
//! traffic: what the thread does not keep up with is left unchecked, and counted.
//!
//! What a proxy has to do (RFC 9110, section 7.6) is done: headers that are for one hop only are
//! not passed on, and `Host` is that of the upstream. Headers keep their case and their order, but
//! that those of one name come together. Of interim responses, the proxy gives 100 itself, and
//! others are left out. Each connection of a client has one to the upstream of its own. Only if the upstream gives no response at all
//! the proxy answers itself, with 502 or 504, an error of the API's form, and a header
//! `seedance-proxy` that says why. Nothing leads to any other host than the upstream. Redirects are
//! the client's to follow.
//!
//! Three pages are its own: `/_report`, `/_report.json` and `/_metrics`.
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
//! println!("point clients at http://{}", proxy.local_addr());
//! tokio::signal::ctrl_c().await?;
//! let summary = proxy.shutdown().await;
//! println!("{} responses checked", summary.report.responses);
//! # Ok(())
//! # }
//! ```

mod answer;
mod builder;
mod content;
mod failure;
mod hop;
mod meter;
mod pages;
mod queue;
mod serve;
mod summary;
mod target;
mod tee;
mod upstream;
mod worker;

use std::{
    fmt,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use tokio::{sync::oneshot, task::JoinHandle};

pub use self::{builder::ProxyBuilder, summary::ProxySummary, worker::ProxyEvent};

use self::{meter::Meter, queue::Queue, upstream::Upstream};
use crate::Session;
use seedance_query::capture::Recorder;

/// What all connections share.
struct Shared {
    upstream: Upstream,
    own: SocketAddr,
    queue: Queue,
    meter: Arc<Meter>,
    session: Arc<Mutex<Session>>,
    recorder: Option<Recorder>,
    timeout: Duration,
}

impl Shared {
    fn summary(&self) -> ProxySummary {
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let mut report = session.summary();
        drop(session);
        report.skipped = self.meter.skipped_count();
        ProxySummary {
            upstream: self.upstream.shown(),
            responses: self.meter.responses_by_status(),
            failures: self.meter.failures_by_reason(),
            skipped: report.skipped,
            unchecked: self.meter.unchecked_by_reason(),
            waiting: self.queue.waiting(),
            recorded: self.meter.recorded_count(),
            unrecorded: self.meter.unrecorded_count(),
            record_error: self.recorder.as_ref().and_then(Recorder::last_error),
            report,
        }
    }
}

/// A running proxy. When it is dropped, it stops at once; [`shutdown`](Self::shutdown) loses
/// nothing.
pub struct Proxy {
    shared: Arc<Shared>,
    serving: JoinHandle<()>,
    stop: Option<oneshot::Sender<()>>,
    worker: Option<thread::JoinHandle<()>>,
    grace: Duration,
}

impl Proxy {
    /// Starts a configuration.
    pub fn builder() -> ProxyBuilder {
        ProxyBuilder::new()
    }

    /// The address that clients are pointed at.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.shared.own
    }

    /// The counts and findings so far.
    #[must_use]
    pub fn summary(&self) -> ProxySummary {
        self.shared.summary()
    }

    /// Stops: accepts nothing more, lets what is on its way arrive, checks and records all that has
    /// gone by, and makes the captures safe from a power cut.
    ///
    /// Each of the two takes no longer than the [grace](ProxyBuilder::grace); if that is over, the
    /// summary tells how many responses [wait](ProxySummary::waiting) still.
    pub async fn shutdown(mut self) -> ProxySummary {
        if let Some(stop) = self.stop.take() {
            // If it is gone already, so much the better.
            let _ = stop.send(());
        }
        let _ = (&mut self.serving).await;
        let until = Instant::now() + self.grace;
        let is_over = || Instant::now() > until;
        while !self.shared.queue.stop() && !is_over() {
            tokio::time::sleep(POLL).await;
        }
        if let Some(worker) = self.worker.take() {
            while !worker.is_finished() && !is_over() {
                tokio::time::sleep(POLL).await;
            }
        }
        self.summary()
    }
}

/// How often it is looked whether the worker has ended.
const POLL: Duration = Duration::from_millis(2);

impl Drop for Proxy {
    fn drop(&mut self) {
        self.serving.abort();
        // It ends by itself, too, once the last connection has; if it is busy, it may.
        self.shared.queue.stop();
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy")
            .field("upstream", &self.shared.upstream.shown())
            .field("local_addr", &self.local_addr())
            .finish_non_exhaustive()
    }
}
