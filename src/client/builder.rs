//! How a client comes about.

use std::{env, fmt, sync::Arc, time::Duration};

use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::{Client, Settings, error::Error, hook::bearer, observer::Observer, tls};
use crate::model::{tables, url::is_loopback};

/// The environment variable with the base URL of the gateway.
const BASE_URL: &str = "SEEDANCE_BASE_URL";
/// The environment variable with the API key.
const API_KEY: &str = "SEEDANCE_API_KEY";

const TIMEOUT: Duration = Duration::from_secs(30);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const USER_AGENT: &str = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));

/// Configures a [`Client`].
///
/// Base URL and key have to be given; the rest has defaults: 30 s for a request as a whole, 10 s
/// of it for connecting, `seedance-query/VERSION` as the user agent, no redirects followed.
#[derive(Clone)]
#[must_use]
pub struct ClientBuilder {
    base_url: Option<String>,
    key: Option<SecretString>,
    timeout: Duration,
    connect_timeout: Duration,
    user_agent: Option<String>,
    http: Option<reqwest::Client>,
    observer: Option<Arc<dyn Observer>>,
}

impl ClientBuilder {
    pub(super) fn new() -> Self {
        Self {
            base_url: None,
            key: None,
            timeout: TIMEOUT,
            connect_timeout: CONNECT_TIMEOUT,
            user_agent: None,
            http: None,
            observer: None,
        }
    }

    /// Starts with `SEEDANCE_BASE_URL` and `SEEDANCE_API_KEY`, as far as they are set.
    pub fn from_env() -> Self {
        let set = |name| env::var(name).ok().filter(|value| !value.is_empty());
        Self {
            base_url: set(BASE_URL),
            key: set(API_KEY).map(SecretString::from),
            ..Self::new()
        }
    }

    /// The gateway, such as `https://gateway.example`; a path in it is kept.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// The API key, which goes to the gateway as a bearer token and nowhere else.
    pub fn api_key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(SecretString::from(key.into()));
        self
    }

    /// The longest time for a request, from connecting to the end of the body.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The longest time for connecting. A client given by [`http_client`](Self::http_client) keeps
    /// its own.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// The `User-Agent` header.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = Some(name.into());
        self
    }

    /// Sends requests through this client, with its proxy, TLS and connection settings.
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http = Some(client);
        self
    }

    /// Shows every response to an observer, such as a [`Recorder`](crate::capture::Recorder).
    pub fn observer(mut self, observer: impl Observer + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Makes the client; nothing is sent yet.
    ///
    /// # Errors
    ///
    /// If base URL or key are missing or cannot be used; see [`Error::is_input`].
    pub fn build(self) -> Result<Client, Error> {
        let base_url = base_url(self.base_url.as_deref())?;
        let key = self.key.ok_or_else(|| {
            Error::input(format!("there is no API key: give one, or set {API_KEY}"))
        })?;
        let bearer = bearer(key.expose_secret()).ok_or_else(|| {
            Error::input("the API key is empty or has characters that no HTTP header can hold")
        })?;
        let own_client = self.http.is_none();
        let user_agent = self
            .user_agent
            .as_deref()
            .or(own_client.then_some(USER_AGENT));
        let user_agent = user_agent
            .map(HeaderValue::from_str)
            .transpose()
            .map_err(|_| {
                Error::input("the user agent has characters that no HTTP header can hold")
            })?;
        let http = match self.http {
            Some(http) => http,
            None => tls::configure(reqwest::Client::builder())?
                .connect_timeout(self.connect_timeout)
                .redirect(reqwest::redirect::Policy::none())
                // Otherwise a copy of each request is kept in case that it is sent again.
                .retry(reqwest::retry::never().max_retries_per_request(0))
                .build()
                .map_err(|cause| Error::transport(cause, &base_url))?,
        };
        let settings = Settings {
            is_local: is_local(&base_url),
            base_url,
            key,
            bearer,
            timeout: self.timeout,
            user_agent,
            observer: self.observer,
        };
        Ok(Client {
            http,
            settings: Arc::new(settings),
        })
    }
}

fn is_local(base_url: &str) -> bool {
    Url::parse(base_url).is_ok_and(|url| is_loopback(&url))
}

fn base_url(given: Option<&str>) -> Result<String, Error> {
    let known = tables::SERVERS.join(", ");
    let given = given.ok_or_else(|| {
        Error::input(format!(
            "there is no base URL: give one, or set {BASE_URL}; known are {known}"
        ))
    })?;
    let shown = crate::redact::mask(given);
    let url = Url::parse(given)
        .map_err(|error| Error::input(format!("the base URL `{shown}` cannot be used: {error}")))?;
    let fault = if !matches!(url.scheme(), "http" | "https") {
        "is not an http(s) URL"
    } else if url.query().is_some() || url.fragment().is_some() {
        "has a query or a fragment"
    } else if !url.username().is_empty() || url.password().is_some() {
        "has credentials in it; give the key as the API key"
    } else {
        return Ok(url.as_str().trim_end_matches('/').to_owned());
    };
    Err(Error::input(format!("the base URL `{shown}` {fault}")))
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field(
                "base_url",
                &self.base_url.as_deref().map(crate::redact::mask),
            )
            .field("has_key", &self.key.is_some())
            .field("timeout", &self.timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("user_agent", &self.user_agent)
            .finish_non_exhaustive()
    }
}
