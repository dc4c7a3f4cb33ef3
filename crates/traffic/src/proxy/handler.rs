//! Handles a request: forwards it, or serves a page.

use std::{
    pin::Pin,
    sync::{Arc, atomic::Ordering},
    task::{Context, Poll},
    time::{Instant, SystemTime},
};

use bytes::Bytes;
use http::{
    HeaderMap, Method, Request, Response, StatusCode, Version, header, request::Parts,
    uri::PathAndQuery,
};
use http_body::{Body, Frame};
use http_body_util::Full;
use hyper::body::Incoming;

use super::{
    connection::Connection,
    exchange_head::ExchangeHead,
    failure::Failure,
    hop_by_hop,
    metrics::Unvalidated,
    operation_name::operation_name,
    own_pages::OwnPage,
    pages,
    queue::{Job, Unjudged},
    request_body::RequestBody,
    route::Route,
    seen_exchange::{may_tell_of_a_task, not_judged},
    shared::Shared,
    tee::{Copy, Tee},
};

/// A response body.
pub(super) enum Outgoing {
    Upstream(Box<Tee>),
    Own(Full<Bytes>),
}

impl Body for Outgoing {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        match &mut *self {
            Self::Upstream(tee) => Pin::new(tee.as_mut()).poll_frame(context),
            Self::Own(own) => {
                let frame = std::task::ready!(Pin::new(own).poll_frame(context));
                Poll::Ready(frame.map(|frame| match frame {
                    Ok(frame) => Ok(frame),
                    Err(never) => match never {},
                }))
            }
        }
    }

    fn size_hint(&self) -> http_body::SizeHint {
        match self {
            // The headers of the upstream decide.
            Self::Upstream(_) => http_body::SizeHint::default(),
            Self::Own(own) => own.size_hint(),
        }
    }
}

/// Responds to a request, itself only if the upstream does not.
pub(super) async fn handle(
    shared: &Arc<Shared>,
    connection: &Connection,
    request: Request<Incoming>,
) -> Response<Outgoing> {
    let (mut parts, body) = request.into_parts();
    let uri = std::mem::take(&mut parts.uri);
    let shown = uri.path_and_query().cloned();
    parts.uri = uri.clone();
    let own_page = own_page(shared, &parts);
    let route = Route::of(
        &parts.method,
        uri,
        &parts.headers,
        &shared.upstream,
        shared.own,
        shared.page_token.as_ref(),
        own_page.as_ref().map(OwnPage::access),
    );
    let failure = match route {
        Route::Elsewhere => Failure::elsewhere(),
        Route::Rebound => Failure::rebound(),
        Route::NoToken => Failure::no_token(),
        Route::WebSocket => Failure::websocket(),
        Route::OwnPage => match own_page {
            Some(page) => return made(move || page.make().map(Full::new)).await,
            None => Failure::no_page(),
        },
        Route::UpstreamPage => {
            let page = pages::upstream(shared, &parts.method).await;
            return page.map(Outgoing::Own);
        }
        Route::Page(page) => {
            let query = shown.and_then(|target| target.query().map(str::to_owned));
            let shared = Arc::clone(shared);
            return made(move || {
                pages::respond(
                    &shared,
                    page,
                    &parts.method,
                    &parts.headers,
                    query.as_deref(),
                )
            })
            .await;
        }
        Route::Upstream(uri) => {
            parts.uri = uri;
            match forward(shared, connection, parts, body, shown).await {
                Ok(response) => {
                    shared.is_down.store(false, Ordering::Relaxed);
                    return response;
                }
                Err(failure) => {
                    shared.metrics.failure(failure.code);
                    tell_once(shared, &failure);
                    failure
                }
            }
        }
    };
    failure.response().map(Outgoing::Own)
}

/// The page of the program that a request asks for, if it asks for one.
fn own_page(shared: &Shared, request: &Parts) -> Option<OwnPage> {
    let pages = shared.own_pages.as_ref()?;
    let is_read = matches!(request.method, Method::GET | Method::HEAD);
    is_read.then(|| pages(request)).flatten()
}

/// Tells the worker that the upstream is down, once until it answers again.
pub(super) fn tell_once(shared: &Shared, failure: &Failure) {
    if let Some(why) = failure.why_down()
        && !shared.is_down.swap(true, Ordering::Relaxed)
        && !shared.queue.no_connection(why.to_owned())
    {
        shared.is_down.store(false, Ordering::Relaxed);
    }
}

/// A page, made on a blocking thread, since it can be long.
async fn made(make: impl FnOnce() -> Response<Full<Bytes>> + Send + 'static) -> Response<Outgoing> {
    let page = tokio::task::spawn_blocking(make).await;
    let page = page.unwrap_or_else(|_| Failure::no_page().response());
    page.map(Outgoing::Own)
}

/// Forwards a request and its response, of which the worker gets a copy if it may be judged.
async fn forward(
    shared: &Arc<Shared>,
    connection: &Connection,
    mut parts: Parts,
    body: Incoming,
    target: Option<PathAndQuery>,
) -> Result<Response<Outgoing>, Failure> {
    let asked = Instant::now();
    let path = target.as_ref().map_or("/", PathAndQuery::path);
    let operation = operation_name(&parts.method, path);
    let is_read = may_tell_of_a_task(&parts.method, path);
    let target = target.filter(|_| is_read || shared.queue.is_observed());
    let kept = target.map(|target| (target, parts.method.clone(), parts.headers.clone()));
    parts.version = Version::HTTP_11;
    parts.headers = hop_by_hop::without(parts.headers);
    parts
        .headers
        .insert(header::HOST, shared.upstream.host.clone());
    let body = RequestBody::new(body, shared.idle_timeout);
    let sent = connection.send(&shared.upstream, parts, body);
    let response = tokio::time::timeout(shared.timeout, sent)
        .await
        .map_err(|_| Failure::too_late("gave no response", shared.timeout))
        .flatten();
    let job = |status, headers: &HeaderMap| {
        kept.map(|(target, method, request_headers)| {
            Box::new(Job {
                operation: operation.clone(),
                head: ExchangeHead {
                    method,
                    target: target.as_str().to_owned(),
                    request_headers,
                    status,
                    headers: headers.clone(),
                    time: SystemTime::now(),
                    elapsed: asked.elapsed(),
                },
                body: Vec::new(),
                room: shared.queue.room(),
            })
        })
    };
    let (mut parts, body) = match response {
        Ok(response) => response.into_parts(),
        Err(failure) => {
            if let Some(job) = job(failure.status(), &HeaderMap::new()) {
                let why = Unjudged::NoResponse(failure.message().to_owned());
                shared.queue.unjudged(job, why);
            }
            return Err(failure);
        }
    };
    shared.metrics.response(parts.status, asked.elapsed());
    parts.version = Version::HTTP_11;
    parts.headers = hop_by_hop::without(parts.headers);
    let skipped = not_judged(is_read, &parts.headers);
    let reason = if is_read && parts.status == StatusCode::NOT_MODIFIED {
        shared.metrics.unvalidated(&operation, Unvalidated::NoBody);
        Some(Unvalidated::NoBody.name())
    } else if let Some(skip) = skipped {
        shared.metrics.skipped(&operation, skip.name());
        Some(skip.name())
    } else {
        None
    };
    let copy = match (reason, job(parts.status, &parts.headers)) {
        (Some(reason), Some(job)) => {
            shared.queue.unjudged(job, Unjudged::Unvalidated(reason));
            None
        }
        (None, Some(job)) => Some(Copy {
            job,
            queue: shared.queue.clone(),
            metrics: Arc::clone(&shared.metrics),
        }),
        (_, None) => None,
    };
    let mut tee = Box::new(Tee::new(body, copy));
    tee.look_ahead().await;
    Ok(Response::from_parts(parts, Outgoing::Upstream(tee)))
}
