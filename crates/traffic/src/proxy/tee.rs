//! A body on its way to the client, and a copy of it for the worker.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Body, Frame};
use hyper::body::Incoming;

use super::{
    meter::{Meter, Unchecked},
    queue::{Job, Queue},
};

/// A longer body is passed on and not checked: a task has a few kilobytes.
const LONGEST_BODY: usize = 8 << 20;

/// What is kept of an exchange while its body goes by.
pub(super) struct Kept {
    pub job: Box<Job>,
    pub queue: Queue,
    pub meter: Arc<Meter>,
}

impl Kept {
    /// Adds to the copy, or says why there can be none.
    fn add(&mut self, data: &Bytes) -> Result<(), Unchecked> {
        if self.job.body.len() + data.len() > LONGEST_BODY {
            return Err(Unchecked::TooLong);
        }
        if !self.job.room.grow(data.len()) {
            return Err(Unchecked::Overload);
        }
        self.job.body.extend_from_slice(data);
        Ok(())
    }

    fn complete(self) {
        if !self.queue.offer(self.job) {
            self.meter.unchecked(Unchecked::Overload);
        }
    }
}

/// The upstream's body, frame by frame as it comes.
///
/// It says nothing of its length, so that the headers of the upstream decide how it is framed.
pub(super) struct Tee {
    inner: Incoming,
    first: Option<Result<Frame<Bytes>, hyper::Error>>,
    copy: Option<Kept>,
    is_over: bool,
}

impl Tee {
    pub fn new(inner: Incoming, copy: Option<Kept>) -> Self {
        Self {
            inner,
            first: None,
            copy,
            is_over: false,
        }
    }

    /// Takes the first frame along if it is there already: head and body are one write then.
    ///
    /// The connection gets one turn to hand it over, and nobody waits for bytes that are not there.
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

    /// Looks at a frame before it goes on.
    fn see(&mut self, frame: Option<&Result<Frame<Bytes>, hyper::Error>>) {
        match frame {
            Some(Ok(frame)) => {
                if let (Some(data), Some(copy)) = (frame.data_ref(), &mut self.copy)
                    && let Err(why) = copy.add(data)
                {
                    copy.meter.unchecked(why);
                    self.copy = None;
                }
                // Nobody asks for more once all bytes are there that the head has promised, nor
                // behind trailers.
                if self.inner.is_end_stream() || frame.is_trailers() {
                    self.end();
                }
            }
            Some(Err(_)) => self.cut_off(),
            None => self.end(),
        }
    }

    fn end(&mut self) {
        self.is_over = true;
        if let Some(copy) = self.copy.take() {
            copy.complete();
        }
    }

    fn cut_off(&mut self) {
        if let Some(copy) = self.copy.take() {
            copy.meter.unchecked(Unchecked::CutOff);
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
        // The client has gone, unless there was nothing to come.
        if self.first.is_none() && self.inner.is_end_stream() {
            self.end();
        } else {
            self.cut_off();
        }
    }
}
