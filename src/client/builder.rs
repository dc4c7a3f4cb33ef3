//! The configuration of a client.

use std::{fmt, num::NonZeroU32, sync::Arc, time::Duration};

use http::{HeaderMap, HeaderName, HeaderValue};

use super::{
    api_key::{ApiKey, InvalidApiKey, KeyProvider},
    base_url,
    environment::{self, API_KEY, BASE_URL},
    error::Error,
    key_source::KeySource,
    observer::Observer,
    query::Client,
    rate_limit::{MAX_RETRY_AFTER, RateLimit},
    reserved_headers::refuse_reserved,
    secrets::Secrets,
    settings::Settings,
    transport::{Configure, Transport},
};
use crate::model::{MAX_BODY_BYTES, tables, url::is_loopback};

const TIMEOUT: Duration = Duration::from_secs(30);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const REQUESTS_PER_SECOND: NonZeroU32 = NonZeroU32::new(20).unwrap();
/// Longer pauses are cut to this, so that their end can be represented.
const MAX_PAUSE: Duration = Duration::from_hours(10 * 365 * 24);
const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

/// Configures a [`Client`].
///
/// Base URL and key are required; the rest has defaults: 30 s for a request as a whole, 10 s of it
/// for connecting, 20 requests per second, `seedance-query/VERSION` as the user agent.
///
/// Redirects are never followed with the key, and no request is retried implicitly: no setting
/// changes that. A gateway on this machine is queried directly, whatever `HTTP_PROXY` says.
#[derive(Clone)]
#[must_use]
pub struct ClientBuilder {
    base_url: Option<String>,
    key: Option<Key>,
    timeout: Duration,
    connect_timeout: Duration,
    requests_per_second: NonZeroU32,
    max_retry_after: Duration,
    max_body_bytes: usize,
    user_agent: String,
    headers: HeaderMap,
    trusted_origins: Vec<String>,
    configure: Vec<Configure>,
    observer: Option<Arc<dyn Observer>>,
}

#[derive(Clone)]
enum Key {
    /// The given key, or why it cannot be used.
    Fixed(Result<ApiKey, InvalidApiKey>),
    Provided(Arc<dyn KeyProvider>),
}

impl Client {
    /// Starts a configuration with nothing set.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// Takes the base URL from `SEEDANCE_BASE_URL` and the key from `SEEDANCE_API_KEY`.
    ///
    /// # Errors
    ///
    /// If one of them is not set or cannot be used; see [`Error::is_input`].
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env().build()
    }
}

impl ClientBuilder {
    fn new() -> Self {
        Self {
            base_url: None,
            key: None,
            timeout: TIMEOUT,
            connect_timeout: CONNECT_TIMEOUT,
            requests_per_second: REQUESTS_PER_SECOND,
            max_retry_after: MAX_RETRY_AFTER,
            max_body_bytes: MAX_BODY_BYTES,
            user_agent: USER_AGENT.to_owned(),
            headers: HeaderMap::new(),
            trusted_origins: Vec::new(),
            configure: Vec::new(),
            observer: None,
        }
    }

    /// Starts with `SEEDANCE_BASE_URL` and `SEEDANCE_API_KEY` from the environment, if set.
    pub fn from_env() -> Self {
        let mut builder = Self::new();
        builder.base_url = environment::value(BASE_URL);
        match environment::value(API_KEY) {
            Some(key) => builder.api_key(key),
            None => builder,
        }
    }

    /// The gateway, such as `https://gateway.example`; a path in it is kept.
    ///
    /// A host without a scheme gets `https`, a loopback host `http`. The path of an endpoint, such as
    /// `/v1` or `/v1/video/generations`, is dropped from the end.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// The API key, sent to the gateway as a bearer token and nowhere else. Surrounding blanks and
    /// quotes and a leading `Bearer ` are dropped; see [`ApiKey`].
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(Key::Fixed(key.into().parse()));
        self
    }

    /// Reads the key before each request, so that it can change while the client is in use; see
    /// [`KeyProvider`]. All keys that were used are kept out of errors, reports and captures.
    pub fn api_key_from(mut self, provider: impl KeyProvider + 'static) -> Self {
        self.key = Some(Key::Provided(Arc::new(provider)));
        self
    }

    /// The longest time for a request, from connecting to the end of the body.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The longest time for connecting.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// The maximum number of queries that begin in a second: 20 unless set. It is shared by
    /// [`Client::query`], `wait` and `watch` and by all clones of the client; queries beyond it wait
    /// their turn.
    pub fn requests_per_second(mut self, requests: NonZeroU32) -> Self {
        self.requests_per_second = requests;
        self
    }

    /// The longest time for which a `429` with `Retry-After`, in the answer to [`Client::query`],
    /// holds back the following queries: 5 min unless set, nothing if zero. Waits and watches have a
    /// [limit of their own](crate::WaitPolicy::max_retry_after).
    pub fn max_retry_after(mut self, longest: Duration) -> Self {
        self.max_retry_after = longest.min(MAX_PAUSE);
        self
    }

    /// The longest body of an answer, in bytes: 4 MiB unless set. Of a longer one this much is read;
    /// then the query fails with [`Error::is_not_understood`].
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.max_body_bytes = bytes;
        self
    }

    /// The `User-Agent` header.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = name.into();
        self
    }

    /// Adds a header to all requests that carry the key, such as one that a proxy in front of the
    /// gateway requires. Like the key, values that are marked as
    /// [sensitive](http::HeaderValue::set_sensitive) are kept out of errors, reports and captures.
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.append(name, value);
        self
    }

    /// Trusts another origin that belongs to the gateway, such as `https://media.gateway.example`: if
    /// the URL of a video leads there, the key and the [headers](Self::header) are sent along.
    pub fn trusted_origin(mut self, url: impl Into<String>) -> Self {
        self.trusted_origins.push(url.into());
        self
    }

    /// Configures the HTTP client: proxies, addresses, protocols, timeouts. TLS is that of the
    /// crate's features; `tls_backend_preconfigured` replaces it as a whole.
    ///
    /// What protects the key cannot be changed: the HTTP client does not follow redirects, sends no
    /// `Referer` and retries nothing. The function is called once for hosts on this machine, without
    /// the proxies of the environment, and once for other hosts. Default headers that it sets go to
    /// every host, including the stores of videos; [`header`](Self::header) is for the gateway
    /// alone.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use seedance_query::Client;
    ///
    /// let client = Client::builder()
    ///     .base_url("https://gateway.example")
    ///     .api_key("sk-live-51Hsecret")
    ///     .configure_http(|http| http.tcp_keepalive(Duration::from_secs(60)))
    ///     .build()?;
    /// # Ok::<(), seedance_query::Error>(())
    /// ```
    pub fn configure_http(
        mut self,
        configure: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.configure.push(Arc::new(configure));
        self
    }

    /// Passes every response to an observer, such as a [`Recorder`](crate::capture::Recorder).
    pub fn observer(mut self, observer: impl Observer + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Creates the client; nothing is sent yet.
    ///
    /// # Errors
    ///
    /// If base URL or key are missing, or a setting cannot be used; see [`Error::is_input`].
    pub fn build(self) -> Result<Client, Error> {
        let base_url = self.base_url.as_deref().ok_or_else(|| {
            let known = tables::SERVERS.join(", ");
            Error::input(format!(
                "there is no base URL: give one, or set {BASE_URL}; known are {known}"
            ))
        })?;
        let base_url = base_url::parse(base_url)?;
        let secrets = Secrets::of_headers(&self.headers);
        let keys = match self.key {
            None => {
                return Err(Error::input(format!(
                    "there is no API key: give one, or set {API_KEY}"
                )));
            }
            Some(Key::Fixed(key)) => {
                let key = key.map_err(|fault| Error::input(fault.to_string()))?;
                secrets.add_key(&key);
                KeySource::Fixed(key)
            }
            Some(Key::Provided(provider)) => KeySource::Provider(provider),
        };
        let user_agent = HeaderValue::from_str(&self.user_agent).map_err(|_| {
            Error::input("the user agent has characters that are not allowed in an HTTP header")
        })?;
        refuse_reserved(&self.headers)?;
        let mut origins = vec![base_url.origin()];
        for origin in &self.trusted_origins {
            let url = base_url::parse(origin).map_err(|error| {
                Error::input(format!("a trusted origin cannot be used: {error}"))
            })?;
            origins.push(url.origin());
        }
        let transport = Transport::new(self.connect_timeout, self.configure, &base_url)?;
        let settings = Settings {
            is_local: is_loopback(&base_url),
            base_url: base_url.as_str().trim_end_matches('/').into(),
            keys,
            secrets: Arc::new(secrets),
            headers: self.headers,
            user_agent,
            origins,
            timeout: self.timeout,
            max_retry_after: self.max_retry_after,
            max_body_bytes: self.max_body_bytes,
            observer: self.observer,
            shared: std::sync::Mutex::default(),
        };
        Ok(Client {
            transport: Arc::new(transport),
            settings: Arc::new(settings),
            rate_limit: Arc::new(RateLimit::per_second(self.requests_per_second)),
            turns: None,
        })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field(
                "base_url",
                &self.base_url.as_deref().map(crate::redact::text),
            )
            .field("has_key", &self.key.is_some())
            .field("timeout", &self.timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("user_agent", &self.user_agent)
            .finish_non_exhaustive()
    }
}
