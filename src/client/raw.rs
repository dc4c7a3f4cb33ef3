//! Requests other than the query, such as for a video.

use std::sync::Arc;

use http::{HeaderMap, HeaderValue, Method, header};
use reqwest::{Request, Response};
use url::Url;

use super::{address_policy::ForbiddenAddress, error::Error, query::Client};
use crate::redact::Redactor;

/// Why a request brought no response.
pub(crate) enum SendError {
    /// It failed.
    Http(reqwest::Error),
    /// It was not made: there is no key for it, or no HTTP client.
    Setup(Error),
    /// It was not made, because it leads to a forbidden address.
    Forbidden(String),
}

impl Client {
    /// Sends a GET, with the key only if `with_key` and if its origin is trusted; see
    /// [`sends_key_to`](Self::sends_key_to). It has no time limit as a whole. Unless `any_address`,
    /// another host than the gateway has to be at a public address, or in the gateway's network.
    pub(crate) async fn get(
        &self,
        url: Url,
        headers: HeaderMap,
        with_key: bool,
        any_address: bool,
    ) -> Result<Response, SendError> {
        /// Overrides the limit that the HTTP client may have for a request as a whole.
        const UNLIMITED: std::time::Duration = std::time::Duration::from_hours(24 * 365);
        let own = if with_key && self.sends_key_to(&url) {
            self.settings.headers_with_key().map_err(SendError::Setup)?
        } else {
            self.settings.headers_without_key()
        };
        let mut request = Request::new(Method::GET, url);
        *request.timeout_mut() = Some(UNLIMITED);
        *request.headers_mut() = headers;
        let headers = request.headers_mut();
        headers.insert(header::ACCEPT, HeaderValue::from_static("*/*"));
        headers.extend(own);
        let http = if any_address || self.sends_key_to(request.url()) {
            self.transport.client_for(request.url())
        } else {
            self.check_address(request.url()).await?;
            self.transport.checking_client_for(request.url())
        };
        let sent = http.map_err(SendError::Setup)?.execute(request);
        sent.await
            .map_err(|error| match ForbiddenAddress::in_causes(&error) {
                Some(forbidden) => SendError::Forbidden(forbidden.to_string()),
                None => SendError::Http(error),
            })
    }

    /// Checks where a URL leads, for which the name of the gateway may have to be resolved.
    async fn check_address(&self, url: &Url) -> Result<(), SendError> {
        let (transport, url) = (Arc::clone(&self.transport), url.clone());
        let checking = tokio::task::spawn_blocking(move || transport.check(&url));
        match checking.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(forbidden)) => Err(SendError::Forbidden(forbidden.to_string())),
            Err(_) => Err(SendError::Forbidden(
                "the runtime is shutting down".to_owned(),
            )),
        }
    }

    /// A redactor that knows the key, which a server can repeat.
    pub(crate) fn redactor(&self) -> Redactor {
        self.settings.secrets.redactor()
    }

    /// A state that this client and its clones share, by type.
    pub(crate) fn shared<T: Clone + Default + Send + Sync + 'static>(&self) -> T {
        let shared = self.settings.shared.lock();
        let mut shared = shared.unwrap_or_else(std::sync::PoisonError::into_inner);
        shared.get_or_insert_default::<T>().clone()
    }
}
