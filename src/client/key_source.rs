//! The key of the next request.

use std::{fmt, sync::Arc};

use super::{
    api_key::{ApiKey, KeyProvider},
    secrets::Secrets,
};

/// Where keys come from.
pub(crate) enum KeySource {
    /// Always this one, which the secrets have from the beginning.
    Fixed(ApiKey),
    Provider(Arc<dyn KeyProvider>),
}

impl KeySource {
    /// The key for the next request, which the secrets have from now on.
    pub fn next_key(&self, secrets: &Secrets) -> Result<ApiKey, KeyUnavailable> {
        let provider = match self {
            Self::Fixed(key) => return Ok(key.clone()),
            Self::Provider(provider) => provider,
        };
        let text = provider
            .api_key()
            .map_err(|cause| KeyUnavailable(secrets.redact(&cause.to_string())))?;
        let key: ApiKey = text
            .parse()
            .map_err(|fault| KeyUnavailable(format!("{fault}")))?;
        secrets.add_key(&key);
        Ok(key)
    }
}

/// Why there is no key for a request, without secrets.
#[derive(Debug)]
pub(crate) struct KeyUnavailable(String);

impl fmt::Display for KeyUnavailable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
