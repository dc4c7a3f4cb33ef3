//! The HTTP clients that requests go through.

use std::{
    fmt,
    sync::{Arc, OnceLock},
    time::Duration,
};

use url::Url;

use super::{
    address_policy::{AddressPolicy, ForbiddenAddress},
    error::Error,
    tls,
};
use crate::model::url::is_loopback;

/// A change to the configuration of the HTTP client.
pub(super) type Configure =
    Arc<dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync>;

/// An HTTP client for hosts on this machine, which never uses `HTTP_PROXY`, and one for all others.
/// The one that the gateway does not need is created on first use.
pub(crate) struct Transport {
    connect_timeout: Duration,
    configure: Vec<Configure>,
    gateway: reqwest::Client,
    gateway_is_direct: bool,
    other: OnceLock<reqwest::Client>,
    policy: AddressPolicy,
    /// Resolves no name to a forbidden address.
    checking: OnceLock<reqwest::Client>,
}

impl Transport {
    /// Creates the client for the gateway at once, so that a bad configuration is an error before the
    /// first request.
    pub fn new(
        connect_timeout: Duration,
        configure: Vec<Configure>,
        gateway: &Url,
    ) -> Result<Self, Error> {
        let gateway_is_direct = is_loopback(gateway);
        Ok(Self {
            gateway: make(gateway_is_direct, connect_timeout, &configure, None)?,
            gateway_is_direct,
            connect_timeout,
            configure,
            other: OnceLock::new(),
            policy: AddressPolicy::of_gateway(gateway),
            checking: OnceLock::new(),
        })
    }

    /// The client for requests to the gateway.
    pub fn gateway(&self) -> &reqwest::Client {
        &self.gateway
    }

    /// The client for requests to a URL.
    pub fn client_for(&self, url: &Url) -> Result<&reqwest::Client, Error> {
        let is_direct = is_loopback(url);
        if is_direct == self.gateway_is_direct {
            return Ok(&self.gateway);
        }
        if let Some(client) = self.other.get() {
            return Ok(client);
        }
        let made = make(is_direct, self.connect_timeout, &self.configure, None)?;
        Ok(self.other.get_or_init(|| made))
    }

    /// Checks where a URL leads that another host chose.
    pub fn check(&self, url: &Url) -> Result<(), ForbiddenAddress> {
        self.policy.check(url)
    }

    /// The client for requests to a URL that was checked, and whose name is checked once it is
    /// resolved.
    pub fn checking_client_for(&self, url: &Url) -> Result<&reqwest::Client, Error> {
        if is_loopback(url) {
            return self.client_for(url);
        }
        if let Some(client) = self.checking.get() {
            return Ok(client);
        }
        let policy = Some(&self.policy);
        let made = make(false, self.connect_timeout, &self.configure, policy)?;
        Ok(self.checking.get_or_init(|| made))
    }
}

fn make(
    is_direct: bool,
    connect_timeout: Duration,
    configure: &[Configure],
    policy: Option<&AddressPolicy>,
) -> Result<reqwest::Client, Error> {
    let builder = tls::configure(reqwest::Client::builder())?;
    let mut builder = builder.connect_timeout(connect_timeout);
    if let Some(policy) = policy {
        // A resolver that the caller configures replaces it.
        builder = builder.dns_resolver(policy.clone());
    }
    if is_direct {
        // Only for proxies of the environment: one that the caller configures is used.
        builder = builder.no_proxy();
    }
    for configure in configure {
        builder = configure(builder);
    }
    // Last, because the caller cannot change these: a redirect would take the key or, as the
    // referrer, a signed URL to another host.
    builder
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        // Otherwise a copy of each request is kept for a retry.
        .retry(reqwest::retry::never().max_retries_per_request(0))
        .build()
        .map_err(Error::configuration)
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").finish_non_exhaustive()
    }
}
