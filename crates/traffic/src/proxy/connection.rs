//! The connection to the upstream of one client connection.

use std::{
    io,
    sync::{Mutex, PoisonError},
};

use http::{Request, Response, request::Parts};
use http_body::Body;
use http_body_util::{Either, Empty};
use hyper::{body::Incoming, client::conn::http1::SendRequest};

use super::{
    failure::Failure,
    request_body::RequestBody,
    upstream::{Sent, Upstream},
};

/// The upstream connection that belongs to one client connection, so that a client sees what it
/// would see without the proxy.
#[derive(Default)]
pub(super) struct Connection {
    idle: Mutex<Option<SendRequest<Sent>>>,
}

impl Connection {
    /// Sends a request and returns the head of the response.
    ///
    /// The upstream may just have closed an idle connection. Then a safe request without a body is
    /// sent once more, as HTTP clients do.
    pub async fn send(
        &self,
        upstream: &Upstream,
        parts: Parts,
        body: RequestBody,
    ) -> Result<Response<Incoming>, Failure> {
        let body: Sent = if body.is_end_stream() {
            Either::Right(Empty::new())
        } else {
            Either::Left(body)
        };
        let again = parts.method.is_safe() && matches!(body, Either::Right(_));
        let idle = self.lock().take().filter(|sender| !sender.is_closed());
        let Some(sender) = idle else {
            return self
                .send_anew(upstream, Request::from_parts(parts, body))
                .await;
        };
        let again = again.then(|| parts.clone());
        match self.send_on(sender, Request::from_parts(parts, body)).await {
            Ok(response) => Ok(response),
            Err((_, Some(unsent))) => self.send_anew(upstream, *unsent).await,
            Err((error, None)) => match again.filter(|_| is_closed(&error)) {
                Some(parts) => {
                    let request = Request::from_parts(parts, Either::Right(Empty::new()));
                    self.send_anew(upstream, request).await
                }
                None => Err(Failure::broken(&error)),
            },
        }
    }

    async fn send_anew(
        &self,
        upstream: &Upstream,
        request: Request<Sent>,
    ) -> Result<Response<Incoming>, Failure> {
        let sender = upstream.connect().await?;
        let outcome = self.send_on(sender, request).await;
        outcome.map_err(|(error, _)| Failure::broken(&error))
    }

    /// Returns the request if nothing of it was sent.
    async fn send_on(
        &self,
        mut sender: SendRequest<Sent>,
        request: Request<Sent>,
    ) -> Result<Response<Incoming>, (hyper::Error, Option<Box<Request<Sent>>>)> {
        if let Err(error) = sender.ready().await {
            return Err((error, Some(Box::new(request))));
        }
        match sender.try_send_request(request).await {
            Ok(response) => {
                *self.lock() = Some(sender);
                Ok(response)
            }
            Err(mut error) => {
                let unsent = error.take_message().map(Box::new);
                Err((error.into_error(), unsent))
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<SendRequest<Sent>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the connection ended before the response started.
fn is_closed(error: &hyper::Error) -> bool {
    let cause =
        std::error::Error::source(error).and_then(|cause| cause.downcast_ref::<io::Error>());
    let is_reset = cause.is_some_and(|cause| {
        matches!(
            cause.kind(),
            io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::BrokenPipe
        )
    });
    error.is_incomplete_message() || error.is_canceled() || error.is_closed() || is_reset
}
