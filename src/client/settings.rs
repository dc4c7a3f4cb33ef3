//! What every request of a client has in common.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use http::{HeaderMap, header};
use url::{Origin, Url};

use super::{error::Error, key_ring::KeyRing, observer::Observer};
use crate::redact::Redactor;

/// How a client was set up; it knows every key that was used, which a gateway can repeat and
/// nothing may show.
pub(crate) struct Settings {
    /// Without a slash at its end.
    pub base_url: String,
    pub keys: KeyRing,
    /// Sent wherever the key is sent.
    pub headers: HeaderMap,
    pub user_agent: http::HeaderValue,
    /// The origins that get the key, the gateway's first.
    pub origins: Vec<Origin>,
    /// Whether the gateway is this machine, whose URLs are no surprise then.
    pub is_local: bool,
    pub timeout: Duration,
    pub observer: Option<Arc<dyn Observer>>,
    /// What is remembered between the calls of a client and its clones.
    pub shared: Mutex<http::Extensions>,
}

impl Settings {
    /// Whether the key may go along with a request.
    pub fn takes_key(&self, url: &Url) -> bool {
        self.origins.contains(&url.origin())
    }

    /// The headers of a request that takes the key.
    pub fn headers_with_key(&self) -> Result<HeaderMap, Error> {
        let mut headers = self.headers_without_key();
        headers.extend(self.headers.clone());
        headers.insert(header::AUTHORIZATION, self.keys.next()?.bearer());
        Ok(headers)
    }

    /// The headers of a request to any other host.
    pub fn headers_without_key(&self) -> HeaderMap {
        HeaderMap::from_iter([(header::USER_AGENT, self.user_agent.clone())])
    }

    /// Shows all texts that are known to be secrets to a function: keys, and headers that are
    /// marked as sensitive.
    pub fn with_secrets<T>(&self, look: impl FnOnce(&[&str]) -> T) -> T {
        self.keys.with_used(|keys| {
            let headers = self.headers.values().filter(|value| value.is_sensitive());
            let headers = headers.filter_map(|value| value.to_str().ok());
            let secrets: Vec<&str> = keys.iter().copied().chain(headers).collect();
            look(&secrets)
        })
    }

    /// Knows all texts that are known to be secrets.
    pub fn redactor(&self) -> Redactor {
        self.with_secrets(|secrets| {
            secrets
                .iter()
                .fold(Redactor::new(), |redactor, secret| redactor.secret(secret))
        })
    }

    /// A server's text without the key, in case that it repeats it, and without signatures.
    pub fn without_secrets(&self, text: &str) -> String {
        self.redactor().text(text).into_owned()
    }
}
