//! What every request of a client has in common.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use http::{HeaderMap, header};
use url::{Origin, Url};

use super::{error::Error, key_source::KeySource, observer::Observer, secrets::Secrets};

/// The configuration of a client.
pub(crate) struct Settings {
    /// Without a slash at its end.
    pub base_url: Arc<str>,
    pub keys: KeySource,
    pub secrets: Arc<Secrets>,
    /// Sent wherever the key is sent.
    pub headers: HeaderMap,
    pub user_agent: http::HeaderValue,
    /// The origins that get the key, the gateway's first.
    pub origins: Vec<Origin>,
    /// Whether the gateway runs on this machine, so that its loopback URLs are expected.
    pub is_local: bool,
    pub timeout: Duration,
    /// The longest body that is read, in bytes.
    pub max_body_bytes: usize,
    /// The longest pause that a `Retry-After` in the answer to a single query leads to.
    pub max_retry_after: Duration,
    pub observer: Option<Arc<dyn Observer>>,
    /// State that a client and its clones share, by type.
    pub shared: Mutex<http::Extensions>,
}

impl Settings {
    /// Whether a request to this URL carries the key.
    pub fn takes_key(&self, url: &Url) -> bool {
        self.origins.contains(&url.origin())
    }

    /// The headers of a request that carries the key.
    pub fn headers_with_key(&self) -> Result<HeaderMap, Error> {
        let key = self.keys.next_key(&self.secrets);
        let key = key.map_err(|why| Error::no_key(&why))?;
        let mut headers = self.headers_without_key();
        headers.extend(self.headers.clone());
        headers.insert(header::AUTHORIZATION, key.bearer());
        Ok(headers)
    }

    /// The headers of a request to any other host.
    pub fn headers_without_key(&self) -> HeaderMap {
        HeaderMap::from_iter([(header::USER_AGENT, self.user_agent.clone())])
    }
}
