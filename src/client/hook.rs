//! The seam through which every byte goes: it authorizes the request and keeps the response.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use progenitor_client::{ClientHooks, ClientInfo, Error, OperationInfo};
use reqwest::ResponseBuilderExt;

use super::{exchange::Exchange, generated, settings::Settings};
use crate::{
    model::{Shape, types::TaskQueryResponse},
    validate::decode::decode_documented,
};

/// progenitor sends the version of the spec, which this API knows nothing of.
const API_VERSION: HeaderName = HeaderName::from_static("api-version");

/// A longer body is cut off: a task has a few kilobytes.
const LONGEST_BODY: usize = 64 << 20;

/// One call: what it has to send along, and where its response is kept.
#[derive(Clone)]
pub(crate) struct Call {
    settings: Arc<Settings>,
    headers: HeaderMap,
    received: Arc<Mutex<Option<Received>>>,
}

/// A response as it came, and read if there is nothing to be found in it, which is so for most.
pub(crate) struct Received {
    pub exchange: Exchange,
    pub documented: Option<(TaskQueryResponse, Shape)>,
}

impl Call {
    pub fn new(settings: Arc<Settings>, headers: HeaderMap) -> Self {
        Self {
            settings,
            headers,
            received: Arc::default(),
        }
    }

    pub fn take_received(&self) -> Option<Received> {
        self.received().take()
    }

    fn received(&self) -> MutexGuard<'_, Option<Received>> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").finish_non_exhaustive()
    }
}

impl ClientHooks<Call> for generated::Client {
    async fn pre<E>(
        &self,
        request: &mut reqwest::Request,
        _: &OperationInfo,
    ) -> Result<(), Error<E>> {
        let call = self.inner();
        *request.timeout_mut() = Some(call.settings.timeout);
        let headers = request.headers_mut();
        headers.remove(API_VERSION);
        headers.extend(call.headers.clone());
        Ok(())
    }

    async fn exec(
        &self,
        request: reqwest::Request,
        _: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        let path = request.url().path().to_owned();
        let mut response = self.client().execute(request).await?;
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let mut body = Vec::new();
        let mut is_cut_off = false;
        let outcome = loop {
            match response.chunk().await {
                Ok(Some(chunk)) if body.len() + chunk.len() <= LONGEST_BODY => {
                    body.extend_from_slice(&chunk);
                }
                Ok(Some(_)) => {
                    is_cut_off = true;
                    break Ok(());
                }
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            }
        };
        let body = Bytes::from(body);
        let is_whole = outcome.is_ok() && !is_cut_off;
        let documented = if is_whole && status == StatusCode::OK {
            decode_documented(&body)
        } else {
            None
        };
        let is_decoded = documented.is_some();
        let call = self.inner();
        *call.received() = Some(Received {
            exchange: Exchange {
                settings: Arc::clone(&call.settings),
                path,
                status,
                headers: detached(&headers),
                body: body.clone(),
                is_cut_off,
            },
            documented,
        });
        outcome?;
        if is_decoded {
            return Ok(response);
        }
        let decodable = if is_cut_off {
            // That is no body; the caller sees the exchange.
            Bytes::new()
        } else {
            body
        };
        // Without its URL, one would be made up and parsed for each response.
        let url = response.url().clone();
        let head = http::Response::builder().url(url).body(());
        let mut rebuilt = head.unwrap_or_default().map(|()| decodable);
        *rebuilt.status_mut() = status;
        *rebuilt.headers_mut() = headers;
        Ok(rebuilt.into())
    }

    /// Ends the call where its body is decoded already, since progenitor would decode it again.
    async fn post<E>(
        &self,
        _: &reqwest::Result<reqwest::Response>,
        _: &OperationInfo,
    ) -> Result<(), Error<E>> {
        match &*self.inner().received() {
            Some(received) if received.documented.is_some() => {
                Err(Error::Custom("the response is read".to_owned()))
            }
            _ => Ok(()),
        }
    }
}

/// The headers in memory of their own: as they come, their values hold on to the whole buffer that
/// the connection was read into, for as long as anyone keeps a response.
fn detached(headers: &HeaderMap) -> HeaderMap {
    let mut own = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let mut copy = HeaderValue::from_bytes(value.as_bytes()).unwrap_or_else(|_| value.clone());
        copy.set_sensitive(value.is_sensitive());
        own.append(name, copy);
    }
    own
}
