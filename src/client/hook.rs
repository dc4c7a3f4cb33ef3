//! The seam through which every byte goes: it authorizes the request and keeps the response.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, header};
use progenitor_client::{ClientHooks, ClientInfo, Error, OperationInfo};
use reqwest::ResponseBuilderExt;
use secrecy::ExposeSecret;

use super::{Exchange, Settings};
use crate::{decode::canonical, generated, validate::accept};

/// A longer body is cut off: a task has a few kilobytes.
const LONGEST_BODY: usize = 64 << 20;

/// One call: what it has to send along, and where its response is kept.
#[derive(Clone)]
pub(crate) struct Call {
    settings: Arc<Settings>,
    exchange: Arc<Mutex<Option<Exchange>>>,
}

impl Call {
    pub fn new(settings: Arc<Settings>) -> Self {
        Self {
            settings,
            exchange: Arc::default(),
        }
    }

    pub fn take_exchange(&self) -> Option<Exchange> {
        self.exchange
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    fn keep(&self, exchange: Exchange) {
        *self.exchange.lock().unwrap_or_else(PoisonError::into_inner) = Some(exchange);
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call").finish_non_exhaustive()
    }
}

/// The value of the `Authorization` header, marked so that nothing prints it.
pub(crate) fn bearer(key: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("Bearer {key}")).ok()?;
    value.set_sensitive(true);
    (!key.trim().is_empty()).then_some(value)
}

impl ClientHooks<Call> for generated::Client {
    async fn pre<E>(
        &self,
        request: &mut reqwest::Request,
        _: &OperationInfo,
    ) -> Result<(), Error<E>> {
        let settings = &self.inner().settings;
        *request.timeout_mut() = Some(settings.timeout);
        let headers = request.headers_mut();
        // progenitor sends the version of the spec, which this API knows nothing of.
        headers.remove("api-version");
        if let Some(user_agent) = &settings.user_agent {
            headers.insert(header::USER_AGENT, user_agent.clone());
        }
        if let Some(bearer) = bearer(settings.key.expose_secret()) {
            headers.insert(header::AUTHORIZATION, bearer);
        }
        Ok(())
    }

    async fn exec(
        &self,
        request: reqwest::Request,
        _: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        let url = request.url().clone();
        let mut response = self.client().execute(request).await?;
        let status = response.status();
        let headers = std::mem::take(response.headers_mut());
        let mut body = BytesMut::new();
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
        let body = body.freeze();
        let documented = accept(&body);
        let call = self.inner();
        call.keep(Exchange {
            settings: Arc::clone(&call.settings),
            path: url.path().to_owned(),
            status,
            headers: detached(&headers),
            body: body.clone(),
            is_cut_off,
            documented,
        });
        outcome?;
        let decodable = if is_cut_off {
            // That is no body; the caller sees the exchange.
            Bytes::new()
        } else if documented.is_some() {
            body
        } else {
            canonical(&body).map_or(body, Bytes::from)
        };
        // Without its URL, one would be made up and parsed for each response.
        let head = http::Response::builder().url(url).body(());
        let mut rebuilt = head.unwrap_or_default().map(|()| decodable);
        *rebuilt.status_mut() = status;
        *rebuilt.headers_mut() = headers;
        Ok(rebuilt.into())
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
