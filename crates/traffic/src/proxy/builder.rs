//! Configures and starts a proxy.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, atomic::AtomicBool},
    thread,
    time::Duration,
};

use http::request::Parts;
use tokio::{net::TcpListener, sync::oneshot};

use super::{
    metrics::Metrics,
    observed::{ObservedExchange, Observer},
    own_pages::{OwnPage, OwnPages},
    page_token::PageToken,
    queue::Queue,
    running::Proxy,
    serve::serve,
    shared::Shared,
    upstream::Upstream,
    worker::{Listener, ProxyEvent, Worker},
};
use crate::validation::Session;
use seedance_query::capture::Recorder;

const TIMEOUT: Duration = Duration::from_mins(10);
const GRACE: Duration = Duration::from_secs(10);
const IDLE_TIMEOUT: Duration = Duration::from_mins(2);
/// Default for the number of bytes of bodies held.
const MAX_HELD: usize = 16_000_000;

/// Configures a [`Proxy`].
///
/// The upstream is required. Defaults: a free port of 127.0.0.1, no recording, 10 minutes for the
/// upstream to start a response, 2 minutes for a client to go on.
#[must_use]
pub struct ProxyBuilder {
    upstream: String,
    listen: SocketAddr,
    recorder: Option<Recorder>,
    session: Session,
    listener: Option<Listener>,
    observer: Option<Observer>,
    own_pages: Option<OwnPages>,
    timeout: Duration,
    idle_timeout: Duration,
    grace: Duration,
    held: usize,
    page_token: Option<String>,
}

impl ProxyBuilder {
    pub(super) fn new() -> Self {
        Self {
            upstream: String::new(),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            recorder: None,
            session: Session::new(),
            listener: None,
            observer: None,
            own_pages: None,
            timeout: TIMEOUT,
            idle_timeout: IDLE_TIMEOUT,
            grace: GRACE,
            held: MAX_HELD,
            page_token: None,
        }
    }

    /// The gateway that all requests go to, such as `https://gateway.example`; a path in it is
    /// prepended to that of each request.
    pub fn upstream(mut self, url: impl Into<String>) -> Self {
        self.upstream = url.into();
        self
    }

    /// The address to listen on; port 0 is any free port.
    ///
    /// Anyone who can reach it can use the upstream, so keep it on loopback.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// Records each validated response as a file. [`Proxy::shutdown`] syncs them to disk, since
    /// syncing each one would be too slow.
    pub fn record(mut self, recorder: Recorder) -> Self {
        self.recorder = Some(recorder.sync_each(false));
        self
    }

    /// The session to validate with.
    pub fn session(mut self, session: Session) -> Self {
        self.session = session;
        self
    }

    /// Called for each response after it was forwarded, on the worker thread. If it is slow, responses
    /// are left unvalidated, and none is delayed.
    pub fn on_event(mut self, listener: impl FnMut(&ProxyEvent<'_>) + Send + 'static) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    /// Called for each exchange that has ended, whether it is validated or not, as
    /// [`on_event`](Self::on_event) is.
    pub fn on_exchange(mut self, observer: impl FnMut(ObservedExchange) + Send + 'static) -> Self {
        self.observer = Some(Box::new(observer));
        self
    }

    /// Adds pages: called for each `GET` and `HEAD` to the proxy itself. What it returns no page for
    /// goes to the upstream. The proxy guards these pages like its own.
    pub fn own_pages(
        mut self,
        pages: impl Fn(&Parts) -> Option<OwnPage> + Send + Sync + 'static,
    ) -> Self {
        self.own_pages = Some(Box::new(pages));
        self
    }

    /// Maximum time for the upstream to start a response; the body has no limit.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Maximum time that a client may take for the head of a request, between two requests, and without
    /// sending or taking anything of a body; then it is disconnected.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = timeout;
        self
    }

    /// The token that the pages ask for, as `?token=` or `Authorization: Bearer`. By default there is
    /// none on loopback, and a random one elsewhere: see [`Proxy::page_token`].
    pub fn page_token(mut self, token: impl Into<String>) -> Self {
        self.page_token = Some(token.into());
        self
    }

    /// How long a shutdown waits for current exchanges, and then for the queue.
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// Maximum number of bytes of bodies held for validation, by default 16 MB; responses beyond it
    /// are forwarded without validation.
    pub fn hold_at_most(mut self, bytes: usize) -> Self {
        self.held = bytes;
        self
    }

    /// Binds the port and serves on the current runtime.
    ///
    /// # Errors
    ///
    /// If the upstream is not a valid URL or is the proxy itself, or the port is in use.
    pub async fn start(self) -> io::Result<Proxy> {
        let upstream = Upstream::new(&self.upstream)?;
        let listener = TcpListener::bind(self.listen).await?;
        let own = listener.local_addr()?;
        if upstream.is_same(own) {
            let message = "the upstream is the proxy itself";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let page_token = PageToken::of(self.page_token, own).map_err(io::Error::other)?;
        let (queue, receiver) = Queue::new(self.held, self.observer.is_some());
        let shared = Arc::new(Shared {
            upstream,
            own,
            queue,
            metrics: Arc::new(Metrics::new()),
            session: Arc::new(Mutex::new(self.session)),
            is_down: AtomicBool::new(false),
            recorder: self.recorder,
            timeout: self.timeout,
            idle_timeout: self.idle_timeout,
            page_token,
            own_pages: self.own_pages,
        });
        let worker = Worker {
            session: Arc::clone(&shared.session),
            metrics: Arc::clone(&shared.metrics),
            recorder: shared.recorder.clone(),
            listener: self.listener,
            observer: self.observer,
            number: 0,
            host: shared.upstream.host.clone(),
            waiting: shared.queue.counter(),
        };
        let worker = thread::Builder::new()
            .name("seedance-proxy".to_owned())
            .spawn(move || worker.run(&receiver))?;
        let (stop, stopped) = oneshot::channel();
        let serving = serve(listener, Arc::clone(&shared), stopped, self.grace);
        Ok(Proxy {
            shared,
            serving: tokio::spawn(serving),
            stop: Some(stop),
            worker: Some(worker),
            grace: self.grace,
        })
    }
}

impl Proxy {
    /// Starts a configuration.
    pub fn builder() -> ProxyBuilder {
        ProxyBuilder::new()
    }
}
