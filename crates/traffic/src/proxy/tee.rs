//! A body on its way to the client, and its copy for the worker.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Body, Frame};
use hyper::body::Incoming;

use super::{
    metrics::{Metrics, Unvalidated},
    queue::{Job, Queue, Unjudged},
};
use crate::limits::MAX_BODY;

/// The copy of an exchange while its body is forwarded; longer bodies are forwarded without validation.
pub(super) struct Copy {
    pub job: Box<Job>,
    pub queue: Queue,
    pub metrics: Arc<Metrics>,
}

impl Copy {
    /// Adds to the copy, or returns why there is none.
    fn add(&mut self, data: &Bytes) -> Result<(), Unvalidated> {
        if self.job.body.len() + data.len() > MAX_BODY {
            return Err(Unvalidated::TooLong);
        }
        if !self.job.room.grow(data.len()) {
            return Err(Unvalidated::Overload);
        }
        self.job.body.extend_from_slice(data);
        Ok(())
    }

    fn complete(self) {
        if let Err(job) = self.queue.offer(self.job) {
            self.metrics
                .unvalidated(&job.operation, Unvalidated::Overload);
        }
    }

    fn give_up(self, why: Unvalidated) {
        self.metrics.unvalidated(&self.job.operation, why);
        let why = Unjudged::Unvalidated(why.name());
        self.queue.unjudged(self.job, why);
    }
}

/// The body of the upstream, frame by frame.
///
/// It has no size hint, so that the headers of the upstream decide the framing.
pub(super) struct Tee {
    inner: Incoming,
    first: Option<Result<Frame<Bytes>, hyper::Error>>,
    copy: Option<Copy>,
    is_over: bool,
}

impl Tee {
    pub fn new(inner: Incoming, copy: Option<Copy>) -> Self {
        Self {
            inner,
            first: None,
            copy,
            is_over: false,
        }
    }

    /// Takes the first frame if it is available, so that head and body are one write.
    ///
    /// The connection gets one turn to deliver it; there is no waiting.
    pub async fn look_ahead(&mut self) {
        for turn in 0..2 {
            let mut frame = None;
            std::future::poll_fn(|context| {
                if let Poll::Ready(polled) = Pin::new(&mut self.inner).poll_frame(context) {
                    frame = Some(polled);
                }
                Poll::Ready(())
            })
            .await;
            match frame {
                Some(None) => return self.end(),
                Some(first) => {
                    self.first = first;
                    return;
                }
                None => {}
            }
            if turn == 0 {
                tokio::task::yield_now().await;
            }
        }
    }

    /// Copies a frame before it is forwarded.
    fn see(&mut self, frame: Option<&Result<Frame<Bytes>, hyper::Error>>) {
        match frame {
            Some(Ok(frame)) => {
                if let (Some(data), Some(copy)) = (frame.data_ref(), &mut self.copy)
                    && let Err(why) = copy.add(data)
                {
                    self.give_up(why);
                }
                // The client does not poll again after the announced length, or after trailers.
                if self.inner.is_end_stream() || frame.is_trailers() {
                    self.end();
                }
            }
            Some(Err(_)) => self.give_up(Unvalidated::CutOff),
            None => self.end(),
        }
    }

    fn end(&mut self) {
        self.is_over = true;
        if let Some(copy) = self.copy.take() {
            copy.complete();
        }
    }

    fn give_up(&mut self, why: Unvalidated) {
        if let Some(copy) = self.copy.take() {
            copy.give_up(why);
        }
    }
}

impl Body for Tee {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        let frame = match self.first.take() {
            Some(frame) => Some(frame),
            None if self.is_over => None,
            None => std::task::ready!(Pin::new(&mut self.inner).poll_frame(context)),
        };
        self.see(frame.as_ref());
        Poll::Ready(frame)
    }
}

impl Drop for Tee {
    fn drop(&mut self) {
        // The client has disconnected, unless the body was complete.
        if self.first.is_none() && self.inner.is_end_stream() {
            self.end();
        } else {
            self.give_up(Unvalidated::CutOff);
        }
    }
}
