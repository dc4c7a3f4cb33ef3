//! Configuration and start of a gateway.

use std::{
    fmt, io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::Duration,
};

use http::request::Parts;
use secrecy::SecretString;
use url::Url;

use super::{
    clock::Clock,
    family::Family,
    fault::Fault,
    gateway::Gateway,
    hooks::{Exchange, Hooks, OwnPage},
    request_log::{Observer, Request, RequestLog},
    server::Servers,
    state::{GatewayState, Settings},
};

/// The API key that queries need, if no other is given.
pub const DEFAULT_KEY: &str = "sk-mock-0123456789abcdef";
const DAY: Duration = Duration::from_hours(24);
/// Long enough for every fault of downloads to show.
const VIDEO_BYTES: u64 = 256 * 1024;

/// Configures a [`Gateway`].
///
/// By default it listens on free ports of 127.0.0.1, its clock runs at normal speed, and only those
/// faults occur that the ids of tasks select.
#[must_use]
pub struct GatewayBuilder {
    listen: SocketAddr,
    storage_listen: Option<SocketAddr>,
    speed: f64,
    seed: u64,
    settings: Settings,
    keep_requests: usize,
    observer: Option<Observer>,
}

impl Gateway {
    /// Starts a configuration.
    pub fn builder() -> GatewayBuilder {
        GatewayBuilder::new()
    }
}

impl GatewayBuilder {
    fn new() -> Self {
        Self {
            listen: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            storage_listen: None,
            speed: 1.0,
            seed: 0,
            keep_requests: usize::MAX,
            observer: None,
            settings: Settings {
                key: SecretString::from(DEFAULT_KEY),
                video_bytes: VIDEO_BYTES,
                url_valid_for: DAY,
                request_budget: None,
                bytes_per_second: None,
                retry_after: 1,
                failure_rate: 0.0,
                faults: Vec::new(),
                one_port: false,
                public_url: None,
                opaque_ids: false,
                family: Family::Documented,
                white_label: false,
                hooks: Hooks::default(),
            },
        }
    }

    /// Where the API listens; port 0 stands for a free one. The other two servers, if there are any,
    /// take free ports of the same address.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.listen = address;
        self
    }

    /// Serves the videos at the port of the API, so that a client needs to reach only one.
    ///
    /// The key may then be sent to the storage, as it is the gateway's own origin.
    pub fn one_port(mut self) -> Self {
        self.settings.one_port = true;
        self
    }

    /// The URL by which clients reach the gateway, if it is another than the one that they name in
    /// the `Host` header: behind a tunnel, for example. URLs in answers begin with it.
    pub fn public_url(mut self, url: &Url) -> Self {
        let url = url.as_str().trim_end_matches('/').to_owned();
        self.settings.public_url = Some(url);
        self
    }

    /// Gives submitted tasks ids that say nothing, as gateways do, and every answer an id of its
    /// request; otherwise the id of a task names its scenario and its number.
    pub fn opaque_ids(mut self) -> Self {
        self.settings.opaque_ids = true;
        self
    }

    /// Behaves like this software; [`Family::NewApi`] gives ids that say nothing, too.
    pub fn like(mut self, family: Family) -> Self {
        self.settings.family = family;
        self.settings.opaque_ids |= family == Family::NewApi;
        self
    }

    /// Hides the upstream, as channels of [`Family::NewApi`] can: there is no upstream's part, every
    /// URL is the gateway's own, and a failure has no reason.
    pub fn white_label(mut self) -> Self {
        self.settings.white_label = true;
        self
    }

    /// Is told of each request once it has been answered. It is called where the request was
    /// served, so it should be quick.
    pub fn on_request(mut self, observer: impl Fn(&Request) + Send + Sync + 'static) -> Self {
        self.observer = Some(Box::new(observer));
        self
    }

    /// Keeps only the latest requests; by default all, for as long as the gateway runs.
    pub fn keep_requests(mut self, number: usize) -> Self {
        self.keep_requests = number;
        self
    }

    /// Where the storage listens; not with [`one_port`](Self::one_port).
    pub fn storage_listen(mut self, address: SocketAddr) -> Self {
        self.storage_listen = Some(address);
        self
    }

    /// The API key that queries need; [`DEFAULT_KEY`] if none is given.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.settings.key = SecretString::from(key.into());
        self
    }

    /// The speed of the gateway's clock: 2 is twice as fast. At 0, or less, only
    /// [`Gateway::advance`] moves it.
    ///
    /// Tasks end and URLs expire by that clock. The transfer rate does not depend on it.
    pub fn speed(mut self, times: f64) -> Self {
        self.speed = times.max(0.0);
        self
    }

    /// Makes requests fail at random, at a rate from 0 to 1; the same seed gives the same sequence.
    ///
    /// A query fails with 503, 502, 429, a reset connection, or a truncated or empty body; a
    /// download with 503, a reset halfway, or a connection that closes before the response.
    pub fn failure_rate(mut self, rate: f64, seed: u64) -> Self {
        self.settings.failure_rate = rate;
        self.seed = seed;
        self
    }

    /// The `Retry-After` of 429 responses, in whole seconds; default 1 s.
    pub fn retry_after(mut self, time: Duration) -> Self {
        self.settings.retry_after = time.as_secs();
        self
    }

    /// The length of every video in bytes; at least about 5 kB, so that it plays.
    pub fn video_bytes(mut self, length: u64) -> Self {
        self.settings.video_bytes = length;
        self
    }

    /// The lifetime of URLs by the gateway's clock, in whole seconds; default one day.
    ///
    /// It begins when the task ends. After that, the next query gives a fresh URL.
    pub fn url_valid_for(mut self, time: Duration) -> Self {
        self.settings.url_valid_for = time;
        self
    }

    /// Maximum number of requests to one URL; after a refusal, the next query gives another URL.
    pub fn request_budget(mut self, requests: u32) -> Self {
        self.settings.request_budget = Some(requests);
        self
    }

    /// Sends videos no faster than this.
    pub fn bytes_per_second(mut self, bytes: u64) -> Self {
        self.settings.bytes_per_second = Some(bytes);
        self
    }

    /// Gives every task this fault, in addition to the one that its id selects. Faults add up.
    ///
    /// A fault of queries then affects every query, not only the first two.
    pub fn fault(mut self, fault: Fault) -> Self {
        if !self.settings.faults.contains(&fault) {
            self.settings.faults.push(fault);
        }
        self
    }

    /// Adds pages: called for each `GET` and `HEAD` to the API. What it returns no page for is the
    /// gateway's. Pages are neither logged nor observed.
    pub fn own_pages(
        mut self,
        pages: impl Fn(&Parts) -> Option<OwnPage> + Send + Sync + 'static,
    ) -> Self {
        self.settings.hooks.own_pages = Some(Box::new(pages));
        self
    }

    /// Called for each answer before it is sent, where the request is served, so it should be quick.
    pub fn on_exchange(mut self, observer: impl Fn(Exchange) + Send + Sync + 'static) -> Self {
        self.settings.hooks.observer = Some(Box::new(observer));
        self
    }

    /// Starts the servers.
    ///
    /// # Errors
    ///
    /// If an address cannot be listened on.
    pub async fn start(self) -> io::Result<Gateway> {
        let (servers, sockets) =
            Servers::bind(self.listen, self.storage_listen, self.settings.one_port).await?;
        let clock = Clock::new(self.speed);
        let log = RequestLog::new(self.keep_requests, self.observer);
        let addresses = servers.addresses();
        let state = GatewayState::new(self.settings, addresses, clock, self.seed, log);
        Ok(Gateway::new(state, servers, sockets))
    }
}

impl fmt::Debug for GatewayBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GatewayBuilder")
            .field("listen", &self.listen)
            .field("speed", &self.speed)
            .field("faults", &self.settings.faults)
            .finish_non_exhaustive()
    }
}
