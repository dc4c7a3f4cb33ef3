//! From the body of a response to the file.

use bytes::Bytes;
use tokio::sync::mpsc;

use super::{
    attempt_error::AttemptError,
    body::Body,
    cut::Cut,
    error::DownloadError,
    transfer::{Transfer, joined},
    writer::{Placement, Written, write},
};

/// How many pieces of the body can wait for the disk; each has some 100 kB at most.
const QUEUE: usize = 16;

/// How the body of a response ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BodyEnd {
    /// The file has as many bytes as were announced.
    Complete,
    /// No length was announced.
    Unannounced,
    /// With the last byte of a range that the server chose; the file has more.
    Slice,
}

/// Where the bytes of a response belong in the file.
pub(super) struct Span {
    pub start: u64,
    /// One past the last byte, if that was announced.
    pub end: Option<u64>,
    pub total: Option<u64>,
    pub placement: Placement,
}

impl Transfer<'_> {
    /// Passes the body on to the thread that inspects and writes it.
    ///
    /// `beginning` was read from the body before.
    pub(super) async fn receive(
        &mut self,
        mut body: Body,
        beginning: Bytes,
        span: Span,
    ) -> Result<(), AttemptError> {
        let Span {
            start,
            end,
            total,
            placement,
        } = span;
        let there = self.part.lock().length();
        let mut skipped = match placement {
            Placement::Append => there - start,
            Placement::Compare(_) => 0,
        };
        let mut position = start;
        let (sender, chunks) = mpsc::channel(QUEUE);
        let part = self.part.clone();
        let writer = tokio::task::spawn_blocking(move || write(&part, placement, chunks));
        let mut chunk = Some(beginning).filter(|beginning| !beginning.is_empty());
        let outcome = loop {
            let next = match chunk.take() {
                Some(chunk) => Ok(Some(chunk)),
                None => body.next().await,
            };
            let mut chunk = match next {
                Ok(Some(chunk)) => chunk,
                Ok(None) => break Ok(()),
                Err(error) => break Err(error),
            };
            position += chunk.len() as u64;
            if end.is_some_and(|end| position > end) {
                let message = "the server sent more bytes than it had announced".to_owned();
                break Err(self.start_over(message));
            }
            if let Err(error) = self.check_size(position) {
                break Err(AttemptError::Final(error));
            }
            // The part of a shifted range that is there already.
            let again = usize::try_from(skipped).map_or(chunk.len(), |left| left.min(chunk.len()));
            drop(chunk.split_to(again));
            skipped -= again as u64;
            if !chunk.is_empty() && sender.send(chunk).await.is_err() {
                break Ok(()); // The writer tells why.
            }
            if position > there {
                self.report(position, total);
            }
        };
        drop(sender);
        let written = joined(writer.await).map_err(AttemptError::Final)?;
        match written.map_err(|error| AttemptError::Final(self.failed("written", error)))? {
            Written::OtherFile => {
                return Err(self.start_over("the video begins with other bytes now".to_owned()));
            }
            Written::All => {}
        }
        let cut_short = || match end {
            Some(end) if position != end => {
                let message = format!("the body ended after {position} of {end} bytes");
                Err(AttemptError::Passing(
                    DownloadError::interrupted(message),
                    None,
                ))
            }
            _ => Ok(()),
        };
        match outcome.and_then(|()| cut_short()) {
            Err(AttemptError::Passing(error, _)) if start == 0 && self.part.lock().length() > 0 => {
                let (after, received) = (body.sent().elapsed(), body.received());
                Err(AttemptError::Cut(
                    error,
                    Cut {
                        after,
                        received,
                        total,
                    },
                ))
            }
            outcome => outcome,
        }
    }
}
