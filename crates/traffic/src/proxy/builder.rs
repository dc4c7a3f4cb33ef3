//! How a proxy comes about.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
    thread,
    time::Duration,
};

use tokio::{net::TcpListener, sync::oneshot};

use super::{
    Proxy, ProxyEvent, Shared,
    meter::Meter,
    queue::Queue,
    serve::serve,
    upstream::Upstream,
    worker::{Listener, Worker},
};
use crate::{Ignore, Session};
use seedance_query::{capture::Recorder, validate::Rule};

const TIMEOUT: Duration = Duration::from_mins(10);
const GRACE: Duration = Duration::from_secs(10);
/// So many bytes of bodies are held at a time.
const HELD: usize = 64 << 20;

/// Configures a [`Proxy`].
///
/// The upstream has to be given; the rest has defaults: a free port of 127.0.0.1, nothing recorded,
/// ten minutes for the upstream to begin a response.
#[must_use]
pub struct ProxyBuilder {
    upstream: String,
    listen: SocketAddr,
    recorder: Option<Recorder>,
    session: Session,
    listener: Option<Listener>,
    timeout: Duration,
    grace: Duration,
    held: usize,
}

impl ProxyBuilder {
    pub(super) fn new() -> Self {
        Self {
            upstream: String::new(),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            recorder: None,
            session: Session::new(),
            listener: None,
            timeout: TIMEOUT,
            grace: GRACE,
            held: HELD,
        }
    }

    /// The gateway that everything goes to, such as `https://gateway.example`; a path in it comes
    /// before that of each request.
    pub fn upstream(mut self, url: impl Into<String>) -> Self {
        self.upstream = url.into();
        self
    }

    /// The address that clients are pointed at; port 0 is any that is free.
    ///
    /// Whoever reaches it can use the upstream and read the pages, so it had better be on loopback.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// Keeps each checked response as a file. It is not synced one by one, since the disk would not
    /// keep up: [`Proxy::shutdown`] syncs all.
    pub fn record(mut self, recorder: Recorder) -> Self {
        self.recorder = Some(recorder.sync_each(false));
        self
    }

    /// Checks with this session, and what is set up in it.
    pub fn session(mut self, session: Session) -> Self {
        self.session = session;
        self
    }

    /// Is told of each response once it has gone by, on the thread that checks. If it takes long,
    /// responses are left unchecked, and none is held up.
    pub fn on_event(mut self, listener: impl FnMut(&ProxyEvent<'_>) + Send + 'static) -> Self {
        self.listener = Some(Box::new(listener));
        self
    }

    /// The longest time for the upstream to begin a response. Once it has begun, it can take as
    /// long as the client is patient.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// So long a shutdown waits for what is on its way, and then for what has to be checked.
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// So many bytes of bodies are held at a time for being checked, 64 MiB unless told otherwise;
    /// more go by unchecked.
    pub fn hold_at_most(mut self, bytes: usize) -> Self {
        self.held = bytes;
        self
    }

    /// Takes the port and serves on the runtime that it is called on.
    ///
    /// # Errors
    ///
    /// If the upstream is no URL of a gateway, or is the proxy itself, or the port is taken.
    pub async fn start(self) -> io::Result<Proxy> {
        let upstream = Upstream::new(&self.upstream)?;
        let listener = TcpListener::bind(self.listen).await?;
        let own = listener.local_addr()?;
        if upstream.is_same(own) {
            let message = "the upstream is the proxy itself";
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let mut session = self.session;
        if upstream.is_loopback() {
            // Then its URLs are no surprise.
            session = session.ignoring(Rule::LoopbackUrl.id().parse::<Ignore>().ok());
        }
        let (queue, receiver) = Queue::new(self.held);
        let shared = Arc::new(Shared {
            upstream,
            own,
            queue,
            meter: Arc::new(Meter::new()),
            session: Arc::new(Mutex::new(session)),
            recorder: self.recorder,
            timeout: self.timeout,
        });
        let worker = Worker {
            session: Arc::clone(&shared.session),
            meter: Arc::clone(&shared.meter),
            recorder: shared.recorder.clone(),
            listener: self.listener,
            number: 0,
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
