//! One request, and the way of its bytes to the disk.

use bytes::Bytes;
use reqwest::Response;
use tokio::{sync::mpsc, time::timeout};
use url::Url;

use super::{
    DownloadError, mp4,
    range::ContentRange,
    request::{self, Answer, Fault, Rest},
    resume_state::{Sidecar, Validator, identity},
    transfer::{Transfer, joined},
};

/// So many pieces of the body can wait for the disk; each has some 100 kB at most.
const WAITING: usize = 16;

/// How a response came to its end.
#[derive(PartialEq, Eq)]
pub(super) enum End {
    /// With as many bytes as were announced.
    Complete,
    /// Nothing had been announced.
    Unknown,
}

impl Transfer<'_> {
    /// One GET with all that comes of it.
    pub(super) async fn exchange(&mut self, url: &Url) -> Result<End, Fault> {
        let rest = {
            let part = self.part.lock();
            let note = part.note().filter(|_| part.can_resume());
            let if_range = note.and_then(|note| note.validator.as_ref()?.if_range());
            if_range.map(|if_range| Rest {
                from: part.length(),
                if_range,
            })
        };
        let stall = self.download.stall_timeout;
        let client = &self.download.client;
        let answer = request::get(client, url, rest.as_ref(), stall, &mut self.requests).await?;
        match answer.response.status().as_u16() {
            200 | 203 => {
                let total = answer.response.content_length();
                self.start(url, answer, total).await
            }
            206 => {
                self.proceed(url, answer, rest.map_or(0, |rest| rest.from))
                    .await
            }
            416 => self.nothing_left(&answer),
            _ => Err(self.turned_away(answer).await),
        }
    }

    /// The response has the file from its start.
    async fn start(
        &mut self,
        url: &Url,
        mut answer: Answer,
        total: Option<u64>,
    ) -> Result<End, Fault> {
        if let Some(total) = total {
            self.check_size(total).map_err(Fault::Final)?;
        }
        // Nothing is written before it is known that this is a video.
        let mut beginning = Vec::new();
        while beginning.len() < mp4::BEGINNING {
            match self.chunk(&mut answer.response).await? {
                Some(chunk) => beginning.extend_from_slice(&chunk),
                None => break,
            }
        }
        if !mp4::is_video(&beginning) {
            return Err(self.other_than_video(answer, beginning).await);
        }
        let validator = Validator::of(answer.response.headers());
        let note = Sidecar::new(identity(url), validator, total);
        self.resumed_from = 0;
        self.disk("written", |part| part.lock().begin(note))
            .await
            .map_err(Fault::Final)?;
        self.receive(answer.response, beginning.into(), total).await
    }

    /// The response has the rest of the file, or says so.
    async fn proceed(&mut self, url: &Url, answer: Answer, from: u64) -> Result<End, Fault> {
        let headers = answer.response.headers();
        let (known, is_same) = {
            let part = self.part.lock();
            let validator = part.note().and_then(|note| note.validator.as_ref());
            let is_same = validator.is_none_or(|validator| validator.agrees(headers));
            (part.total(), is_same)
        };
        let total = match ContentRange::of(headers) {
            Some(ContentRange::Some { first, total, .. })
                if first == from
                    && is_same
                    && (known.is_none() || total.is_none_or(|total| Some(total) == known)) =>
            {
                total.or(known)
            }
            _ => {
                let message = "the server gave other bytes than were asked for".to_owned();
                return Err(self.start_over(message));
            }
        };
        if from == 0 {
            // Nobody asked for a range, but this one begins where the file does.
            return self.start(url, answer, total).await;
        }
        if let Some(total) = total {
            self.check_size(total).map_err(Fault::Final)?;
        }
        self.disk("written", move |part| part.lock().proceed(total))
            .await
            .map_err(Fault::Final)?;
        self.receive(answer.response, Bytes::new(), total).await
    }

    /// The server says that there is nothing behind what was asked for.
    fn nothing_left(&mut self, answer: &Answer) -> Result<End, Fault> {
        let length = self.part.lock().length();
        match ContentRange::of(answer.response.headers()) {
            Some(ContentRange::None { total }) if total == length && length > 0 => {
                self.report(length, Some(length));
                Ok(End::Complete)
            }
            _ => Err(self.start_over("the video is shorter than what is there of it".to_owned())),
        }
    }

    fn start_over(&mut self, message: String) -> Fault {
        self.part.lock().forget();
        self.resumed_from = 0;
        Fault::Passing(DownloadError::interrupted(message), None)
    }

    /// Passes the body on to the thread that hashes and writes it.
    async fn receive(
        &mut self,
        mut response: Response,
        beginning: Bytes,
        total: Option<u64>,
    ) -> Result<End, Fault> {
        let mut length = self.part.lock().length();
        let (sender, receiver) = mpsc::channel(WAITING);
        let part = self.part.clone();
        let writer = tokio::task::spawn_blocking(move || part.receive(receiver));
        let mut chunk = Some(beginning);
        let outcome = loop {
            let next = match chunk.take() {
                Some(chunk) => Ok(Some(chunk)),
                None => self.chunk(&mut response).await,
            };
            let chunk = match next {
                Ok(Some(chunk)) => chunk,
                Ok(None) => break Ok(()),
                Err(fault) => break Err(fault),
            };
            length += chunk.len() as u64;
            if total.is_some_and(|total| length > total) {
                let message = "the server gave more bytes than it had announced".to_owned();
                break Err(self.start_over(message));
            }
            if let Err(error) = self.check_size(length) {
                break Err(Fault::Final(error));
            }
            if sender.send(chunk).await.is_err() {
                break Ok(()); // The writer tells why.
            }
            self.report(length, total);
        };
        drop(sender);
        let written = joined(writer.await).map_err(Fault::Final)?;
        written.map_err(|error| Fault::Final(self.failed("written", error)))?;
        outcome?;
        match total {
            None => Ok(End::Unknown),
            Some(total) if total == length => Ok(End::Complete),
            Some(total) => {
                let message = format!("the body ended after {length} of {total} bytes");
                Err(Fault::Passing(DownloadError::interrupted(message), None))
            }
        }
    }

    /// The next piece of a body.
    async fn chunk(&mut self, response: &mut Response) -> Result<Option<Bytes>, Fault> {
        let stall = self.download.stall_timeout;
        let error = match timeout(stall, response.chunk()).await {
            Ok(Ok(chunk)) => return Ok(chunk),
            Ok(Err(cause)) => DownloadError::http("the connection broke".to_owned(), cause),
            Err(_) => DownloadError::interrupted(format!("nothing came for {stall:?}")),
        };
        Err(Fault::Passing(error, None))
    }
}
