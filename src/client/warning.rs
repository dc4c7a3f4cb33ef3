//! What works, but is not safe in a configuration.

use std::fmt;

use serde::Serialize;
use url::{Origin, Url};

use crate::{model::url::is_loopback, redact};

/// Something about a client's configuration that works but is not safe; `Display` says what, and
/// what to do. See [`Client::warnings`](super::Client::warnings).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "warning", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ClientWarning {
    /// The key travels without encryption to another machine.
    KeyInClear {
        /// The origin that gets it, such as `http://gateway.example`.
        origin: String,
    },
}

impl ClientWarning {
    /// The warnings about the origins that get the key.
    pub(super) fn of_origins(origins: &[Origin]) -> Vec<Self> {
        let urls = origins
            .iter()
            .filter_map(|origin| Url::parse(&origin.ascii_serialization()).ok());
        urls.filter(|url| url.scheme() == "http" && !is_loopback(url))
            .map(|url| Self::KeyInClear {
                origin: url.origin().ascii_serialization(),
            })
            .collect()
    }
}

impl fmt::Display for ClientWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeyInClear { origin } => {
                let origin = redact::text(origin);
                write!(
                    f,
                    "the API key is sent unencrypted to {origin}: anyone in between can read it; \
                     use https if the gateway supports it"
                )
            }
        }
    }
}
