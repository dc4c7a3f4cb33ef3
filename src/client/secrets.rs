//! What a client keeps out of everything that leaves it.

use std::sync::{PoisonError, RwLock};

use http::{HeaderMap, HeaderValue};

use super::api_key::ApiKey;
use crate::redact::Redactor;

/// Every key that a client has used, and the headers that are marked as sensitive: a gateway can
/// repeat them, an old key as well, so they are hidden for as long as the client lives.
pub(crate) struct Secrets {
    keys: RwLock<Vec<ApiKey>>,
    headers: Vec<HeaderValue>,
}

impl Secrets {
    /// The sensitive ones of these headers, and no key yet.
    pub fn of_headers(headers: &HeaderMap) -> Self {
        let sensitive = headers.values().filter(|value| value.is_sensitive());
        Self {
            keys: RwLock::default(),
            headers: sensitive.cloned().collect(),
        }
    }

    /// Hides a key from now on.
    pub fn add_key(&self, key: &ApiKey) {
        if self.has_key(key) {
            return;
        }
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        if !keys.contains(key) {
            keys.push(key.clone());
        }
    }

    fn has_key(&self, key: &ApiKey) -> bool {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.contains(key)
    }

    /// Passes the secrets to a function.
    pub fn with<T>(&self, look: impl FnOnce(&[&str]) -> T) -> T {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let headers = self.headers.iter().filter_map(|value| value.to_str().ok());
        let secrets: Vec<&str> = keys.iter().map(ApiKey::expose).chain(headers).collect();
        look(&secrets)
    }

    /// A redactor that knows the secrets.
    pub fn redactor(&self) -> Redactor {
        self.with(|secrets| {
            secrets
                .iter()
                .fold(Redactor::new(), |redactor, secret| redactor.secret(secret))
        })
    }

    /// A server's text without the secrets, in case it repeats them, and without signatures.
    pub fn redact(&self, text: &str) -> String {
        self.redactor().text(text).into_owned()
    }
}
