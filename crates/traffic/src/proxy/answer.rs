//! One request: to whom it goes, and what comes back.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::{Instant, SystemTime},
};

use bytes::Bytes;
use http::{Request, Response, StatusCode, Version, header, request::Parts, uri::PathAndQuery};
use http_body::{Body, Frame};
use http_body_util::Full;
use hyper::body::Incoming;

use super::{
    Shared,
    failure::Failure,
    hop,
    meter::Unchecked,
    pages,
    queue::Job,
    target::{Page, Target},
    tee::{Kept, Tee},
    upstream::Line,
};

/// A body that goes to the client.
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

/// Answers a request. There is always an answer; it is the proxy's own only if there is no other.
pub(super) async fn answer(
    shared: &Arc<Shared>,
    line: &Line,
    request: Request<Incoming>,
) -> Response<Outgoing> {
    let (mut parts, body) = request.into_parts();
    let uri = std::mem::take(&mut parts.uri);
    let shown = uri.path_and_query().cloned();
    let target = Target::of(
        &parts.method,
        uri,
        &parts.headers,
        &shared.upstream,
        shared.own,
    );
    let failure = match target {
        Target::Elsewhere => Failure::elsewhere(),
        Target::Rebound => Failure::rebound(),
        Target::Page(page) => {
            return own(shared, page, parts).await.map(Outgoing::Own);
        }
        Target::Upstream { uri, is_query } => {
            parts.uri = uri;
            let shown = shown.filter(|_| is_query);
            match pass(shared, line, parts, body, shown).await {
                Ok(response) => return response,
                Err(failure) => {
                    shared.meter.failure(failure.code);
                    failure
                }
            }
        }
    };
    failure.response().map(Outgoing::Own)
}

/// Makes a page where it holds up nobody: there can be much to say.
async fn own(shared: &Arc<Shared>, page: Page, parts: Parts) -> Response<Full<Bytes>> {
    let shared = Arc::clone(shared);
    let write = move || pages::answer(&shared, page, &parts.method, &parts.headers);
    let written = tokio::task::spawn_blocking(write).await;
    written.unwrap_or_else(|_| Failure::no_page().response())
}

/// Passes a request on, and its response back; `query` is the target of a task query.
async fn pass(
    shared: &Arc<Shared>,
    line: &Line,
    mut parts: Parts,
    body: Incoming,
    query: Option<PathAndQuery>,
) -> Result<Response<Outgoing>, Failure> {
    let asked = Instant::now();
    let kept = query.map(|target| (target, parts.headers.clone()));
    parts.version = Version::HTTP_11;
    parts.headers = hop::without(parts.headers);
    parts
        .headers
        .insert(header::HOST, shared.upstream.host.clone());
    let sent = line.send(&shared.upstream, parts, body);
    let response = tokio::time::timeout(shared.timeout, sent)
        .await
        .map_err(|_| Failure::too_late("gave no response", shared.timeout))??;
    let (mut parts, body) = response.into_parts();
    shared.meter.response(parts.status, asked.elapsed());
    parts.version = Version::HTTP_11;
    parts.headers = hop::without(parts.headers);
    let copy = match kept {
        None => {
            shared.meter.skipped();
            None
        }
        Some(_) if parts.status == StatusCode::NOT_MODIFIED => {
            shared.meter.unchecked(Unchecked::NoBody);
            None
        }
        Some((target, request_headers)) => Some(Kept {
            job: Box::new(Job {
                target: target.as_str().to_owned(),
                request_headers,
                status: parts.status,
                headers: parts.headers.clone(),
                body: Vec::new(),
                time: SystemTime::now(),
                room: shared.queue.room(),
            }),
            queue: shared.queue.clone(),
            meter: Arc::clone(&shared.meter),
        }),
    };
    let mut tee = Box::new(Tee::new(body, copy));
    tee.look_ahead().await;
    Ok(Response::from_parts(parts, Outgoing::Upstream(tee)))
}
