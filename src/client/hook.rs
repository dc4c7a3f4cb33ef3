//! The headers of each request.

use std::{fmt, time::Duration};

use http::{HeaderMap, HeaderName, HeaderValue, header};
use progenitor_client::{ClientHooks, ClientInfo, Error, OperationInfo};

use super::generated;

/// A header of progenitor with the version of the spec; this API does not have it.
const API_VERSION: HeaderName = HeaderName::from_static("api-version");

/// The headers and the timeout of a request.
#[derive(Clone)]
pub struct Headers {
    pub(super) headers: HeaderMap,
    pub(super) timeout: Duration,
}

impl fmt::Debug for Headers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Headers").finish_non_exhaustive()
    }
}

impl ClientHooks<Headers> for generated::Client {
    async fn pre<E>(
        &self,
        request: &mut reqwest::Request,
        _: &OperationInfo,
    ) -> Result<(), Error<E>> {
        let Headers { headers, timeout } = self.inner();
        *request.timeout_mut() = Some(*timeout);
        let own = request.headers_mut();
        own.remove(API_VERSION);
        own.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        own.extend(headers.clone());
        Ok(())
    }
}
