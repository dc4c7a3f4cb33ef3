//! The headers of each request.

use std::{fmt, time::Duration};

use http::{HeaderMap, HeaderName, HeaderValue, header};
use progenitor_client::{ClientHooks, ClientInfo, Error, OperationInfo};

use super::generated;
use crate::model::tables;

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
        operation: &OperationInfo,
    ) -> Result<(), Error<E>> {
        let Headers { headers, timeout } = self.inner();
        *request.timeout_mut() = Some(*timeout);
        let own = request.headers_mut();
        own.remove(API_VERSION);
        own.insert(header::ACCEPT, accepted(operation.operation_id));
        own.extend(headers.clone());
        Ok(())
    }
}

/// The media types that an operation answers with.
fn accepted(name: &str) -> HeaderValue {
    // Names of methods differ from those of operations in case and separators only.
    let letters = || {
        let letters = name.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|letter| letter.to_ascii_lowercase())
    };
    let mut operations = tables::ACCEPT.iter();
    let types = operations.find(|(operation, _)| letters().eq(operation.chars()));
    HeaderValue::from_static(types.map_or("*/*", |(_, types)| types))
}
