//! What a program adds to the gateway: pages, and an observer of the exchanges.

use std::{
    fmt,
    time::{Duration, SystemTime},
};

use axum::body::Body;
use bytes::Bytes;
use http::{HeaderMap, Method, Response, StatusCode, request::Parts, uri::PathAndQuery};

use super::answer::Answer;

/// A page that a program adds, and that is made when it is sent; this may take its time.
pub type OwnPage = Box<dyn FnOnce() -> Response<Bytes> + Send>;

/// An exchange as the client saw it, its secrets included.
#[non_exhaustive]
pub struct Exchange {
    /// The method.
    pub method: Method,
    /// Path and query.
    pub target: String,
    /// The headers of the request.
    pub request_headers: HeaderMap,
    /// The HTTP status; `None` if the connection was ended instead of an answer.
    pub status: Option<StatusCode>,
    /// The headers of the answer.
    pub headers: HeaderMap,
    /// The body, as far as it is sent; `None` if it is a video.
    pub body: Option<Bytes>,
    /// Whether less is sent than was announced.
    pub is_cut_off: bool,
    /// When the answer began.
    pub time: SystemTime,
    /// How long it took until then.
    pub elapsed: Duration,
}

/// The page that a request asks for, if it asks for one.
pub(super) type OwnPages = Box<dyn Fn(&Parts) -> Option<OwnPage> + Send + Sync>;
/// Is given each exchange.
pub(super) type ExchangeObserver = Box<dyn Fn(Exchange) + Send + Sync>;

#[derive(Default)]
pub(super) struct Hooks {
    pub(super) own_pages: Option<OwnPages>,
    pub(super) observer: Option<ExchangeObserver>,
}

impl Hooks {
    /// The response with the page that a request asks for, if it asks for one.
    ///
    /// It has no header that lets pages of other origins read it.
    pub(super) async fn page(&self, request: &Parts) -> Option<Response<Body>> {
        let pages = self.own_pages.as_ref()?;
        if !matches!(request.method, Method::GET | Method::HEAD) {
            return None;
        }
        let page = pages(request)?;
        let Ok(response) = tokio::task::spawn_blocking(page).await else {
            let mut failure = Response::new(Body::from("this page could not be made"));
            *failure.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            return Some(failure);
        };
        Some(response.map(Body::from))
    }

    pub(super) fn observe(&self, request: Parts, answer: &Answer, elapsed: Duration) {
        let Some(observer) = &self.observer else {
            return;
        };
        let target = request.uri.path_and_query();
        observer(Exchange {
            target: target.map_or("*", PathAndQuery::as_str).to_owned(),
            method: request.method,
            request_headers: request.headers,
            status: answer.status(),
            headers: answer.headers().clone(),
            body: answer.text_sent(),
            is_cut_off: answer.is_cut_off(),
            time: SystemTime::now(),
            elapsed,
        });
    }
}

/// Neither headers nor bodies, which have secrets.
impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("method", &self.method)
            .field("status", &self.status)
            .field("is_cut_off", &self.is_cut_off)
            .field("elapsed", &self.elapsed)
            .finish_non_exhaustive()
    }
}
