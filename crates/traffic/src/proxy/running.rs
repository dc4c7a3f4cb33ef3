//! A running proxy.

use std::{
    fmt,
    net::SocketAddr,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use tokio::{sync::oneshot, task::JoinHandle};

use super::{handler::tell_once, page_token::PageToken, shared::Shared, summary::ProxySummary};

/// A running proxy. Dropping it stops it at once; [`shutdown`](Self::shutdown) loses nothing.
pub struct Proxy {
    pub(super) shared: Arc<Shared>,
    pub(super) serving: JoinHandle<()>,
    pub(super) stop: Option<oneshot::Sender<()>>,
    pub(super) worker: Option<thread::JoinHandle<()>>,
    pub(super) grace: Duration,
}

impl Proxy {
    /// The address that it listens on.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.shared.own
    }

    /// The [token](super::ProxyBuilder::page_token) that the pages ask for, if they do.
    #[must_use]
    pub fn page_token(&self) -> Option<&str> {
        self.shared.page_token.as_ref().map(PageToken::as_str)
    }

    /// Connects to the upstream once, without a request, and reports it as an
    /// [event](super::ProxyEvent::NoConnection) if that fails: so a wrong address is known before the
    /// first client asks.
    pub fn check_upstream(&self) {
        let shared = Arc::clone(&self.shared);
        tokio::spawn(async move {
            if let Err(failure) = shared.upstream.connect().await {
                tell_once(&shared, &failure);
            }
        });
    }

    /// The counts and findings so far.
    #[must_use]
    pub fn summary(&self) -> ProxySummary {
        self.shared.summary()
    }

    /// Stops: accepts no more connections, finishes the current exchanges, then validates and records
    /// what is queued and syncs the captures to disk.
    ///
    /// Each of the two steps takes at most the [grace period](super::ProxyBuilder::grace); after
    /// that, [`ProxySummary::waiting`] is the number of responses left.
    pub async fn shutdown(mut self) -> ProxySummary {
        if let Some(stop) = self.stop.take() {
            // An error means that it has already stopped.
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

/// How often the end of the worker is polled.
const POLL: Duration = Duration::from_millis(2);

impl Drop for Proxy {
    fn drop(&mut self) {
        self.serving.abort();
        // If the queue is full, the worker ends after the last connection.
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
