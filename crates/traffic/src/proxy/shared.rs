//! The state of a proxy.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError, atomic::AtomicBool},
    time::Duration,
};

use super::{
    metrics::Metrics, own_pages::OwnPages, page_token::PageToken, queue::Queue,
    summary::ProxySummary, upstream::Upstream,
};
use crate::validation::Session;
use seedance_query::capture::Recorder;

/// The state that all connections share.
pub(super) struct Shared {
    pub upstream: Upstream,
    pub own: SocketAddr,
    pub queue: Queue,
    pub metrics: Arc<Metrics>,
    pub session: Arc<Mutex<Session>>,
    pub recorder: Option<Recorder>,
    /// Whether the last request found no connection to the upstream, which is said once.
    pub is_down: AtomicBool,
    pub timeout: Duration,
    pub idle_timeout: Duration,
    /// Which the pages ask for, if they do.
    pub page_token: Option<PageToken>,
    /// What a program adds to the pages.
    pub own_pages: Option<OwnPages>,
}

impl Shared {
    pub fn summary(&self) -> ProxySummary {
        let session = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        let mut report = session.summary();
        drop(session);
        report.skipped = self.metrics.skipped_count();
        ProxySummary {
            upstream: self.upstream.shown(),
            responses: self.metrics.responses_by_status(),
            failures: self.metrics.failures_by_reason(),
            skipped: report.skipped,
            unvalidated: self.metrics.unvalidated_by_reason(),
            exchanges: self.metrics.exchanges(),
            waiting: self.queue.waiting(),
            recorded: self.metrics.recorded_count(),
            unrecorded: self.metrics.unrecorded_count(),
            record_error: self.recorder.as_ref().and_then(Recorder::last_error),
            report,
        }
    }
}
