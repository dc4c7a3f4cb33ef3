//! The key of the next request, and all that were used before.

use std::sync::{Arc, PoisonError, RwLock};

use super::{
    api_key::{ApiKey, KeyProvider},
    error::Error,
};
use crate::redact::Redactor;

/// Where keys come from. Whatever was used once is hidden for as long as the client lives: a
/// gateway can repeat an old key as well.
pub(crate) struct KeyRing {
    source: Source,
    used: RwLock<Vec<ApiKey>>,
}

enum Source {
    Fixed(ApiKey),
    Provider(Arc<dyn KeyProvider>),
}

impl KeyRing {
    pub fn fixed(key: ApiKey) -> Self {
        Self {
            used: RwLock::new(vec![key.clone()]),
            source: Source::Fixed(key),
        }
    }

    pub fn provided(provider: Arc<dyn KeyProvider>) -> Self {
        Self {
            used: RwLock::default(),
            source: Source::Provider(provider),
        }
    }

    /// The key for the next request.
    pub fn next(&self) -> Result<ApiKey, Error> {
        let provider = match &self.source {
            Source::Fixed(key) => return Ok(key.clone()),
            Source::Provider(provider) => provider,
        };
        let text = provider
            .api_key()
            .map_err(|cause| Error::no_key(&self.redactor().text(&cause.to_string())))?;
        let key: ApiKey = text
            .parse()
            .map_err(|fault| Error::no_key(&format!("{fault}")))?;
        let is_known = |used: &[ApiKey]| used.contains(&key);
        if !is_known(&self.used.read().unwrap_or_else(PoisonError::into_inner)) {
            let mut used = self.used.write().unwrap_or_else(PoisonError::into_inner);
            if !is_known(&used) {
                used.push(key.clone());
            }
        }
        Ok(key)
    }

    /// Shows every key that was used to a function.
    pub fn with_used<T>(&self, look: impl FnOnce(&[&str]) -> T) -> T {
        let used = self.used.read().unwrap_or_else(PoisonError::into_inner);
        let keys: Vec<&str> = used.iter().map(ApiKey::expose).collect();
        look(&keys)
    }

    /// Knows every key that was used.
    pub fn redactor(&self) -> Redactor {
        self.with_used(|keys| {
            keys.iter()
                .fold(Redactor::new(), |redactor, key| redactor.secret(key))
        })
    }
}
