//! The body of a request on its way to the upstream.

use std::{
    error::Error,
    fmt,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use tokio::time::{Instant, Sleep};

/// A body that must not stand still.
pub(super) struct RequestBody {
    inner: Incoming,
    idle_timeout: Duration,
    /// When it has stood still for too long; set while it stands still.
    deadline: Option<Pin<Box<Sleep>>>,
}

/// Why a body did not arrive completely.
#[derive(Debug)]
pub(super) enum RequestBodyError {
    /// It is not framed as HTTP/1.1 has it, or was cut off.
    Malformed(hyper::Error),
    /// Nothing came for this time.
    Idle(Duration),
}

impl RequestBody {
    pub fn new(inner: Incoming, idle_timeout: Duration) -> Self {
        Self {
            inner,
            idle_timeout,
            deadline: None,
        }
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = RequestBodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, RequestBodyError>>> {
        if let Poll::Ready(frame) = Pin::new(&mut self.inner).poll_frame(context) {
            self.deadline = None;
            return Poll::Ready(frame.map(|frame| frame.map_err(RequestBodyError::Malformed)));
        }
        let idle_timeout = self.idle_timeout;
        let deadline = self.deadline.get_or_insert_with(|| {
            Box::pin(tokio::time::sleep_until(Instant::now() + idle_timeout))
        });
        std::task::ready!(deadline.as_mut().poll(context));
        self.deadline = None;
        Poll::Ready(Some(Err(RequestBodyError::Idle(idle_timeout))))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl fmt::Display for RequestBodyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(error) => write!(f, "the body of the request is malformed: {error}"),
            Self::Idle(time) => write!(
                f,
                "the body of the request did not arrive: nothing came for {} s",
                time.as_secs_f64()
            ),
        }
    }
}

impl Error for RequestBodyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Malformed(error) => Some(error),
            Self::Idle(_) => None,
        }
    }
}
