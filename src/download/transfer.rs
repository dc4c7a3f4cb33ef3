//! From a URL to all bytes of the video, over as many connections as it takes.

use std::{
    io,
    time::{Duration, SystemTime},
};

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use bytes::Bytes;
use http::StatusCode;
use reqwest::Response;
use tokio::{sync::mpsc, time::timeout};
use url::Url;

use super::{
    Download, DownloadError, DownloadProgress,
    boxes::{self, CutOff},
    error::Size,
    page::Page,
    part::SharedPart,
    range::ContentRange,
    request::{self, Answer, Fault, Rest},
    sidecar::{Sidecar, Validator, identity},
};
use crate::{ResultUrl, error::retry_after, mask::mask};

/// So many requests are sent at most, whatever progress there is.
const MOST_REQUESTS: u32 = 1000;
/// So often is the gateway asked for a fresh URL, if it does not answer.
const QUERIES: usize = 4;
/// A server is not waited for longer than this.
const LONGEST_WAIT: Duration = Duration::from_mins(10);
/// So many pieces of the body can wait for the disk; each has some 100 kB at most.
const WAITING: usize = 16;

pub(super) struct Transfer<'a> {
    pub download: &'a mut Download,
    pub part: SharedPart,
    pub requests: u32,
    pub resumed_from: u64,
    /// The URL that was given, once there is a fresh one.
    old_url: Option<ResultUrl>,
}

/// How a response came to its end.
#[derive(PartialEq, Eq)]
enum End {
    /// With as many bytes as were announced.
    Complete,
    /// Nothing had been announced.
    Unknown,
}

impl<'a> Transfer<'a> {
    pub fn new(download: &'a mut Download, part: SharedPart) -> Self {
        Self {
            download,
            part,
            requests: 0,
            resumed_from: 0,
            old_url: None,
        }
    }

    /// Brings the part to its full length.
    pub async fn run(&mut self) -> Result<(), DownloadError> {
        let mut url = match usable(&self.download.url) {
            Some(url) => url,
            None => {
                let message = format!("the video has no URL: {}", self.download.url);
                self.fresh_url(DownloadError::unusable_url(message)).await?
            }
        };
        self.resume(&url).await?;
        self.resumed_from = self.part.lock().length();
        let mut highest = self.resumed_from;
        let mut delays = delays(self.download.tries);
        if self.is_complete()? && self.is_whole().await? {
            self.report(self.resumed_from, Some(self.resumed_from));
            return Ok(());
        }
        loop {
            match self.exchange(&url).await {
                Ok(end) => {
                    let Some(CutOff { at, end: needed }) = self.cut_off().await? else {
                        return Ok(());
                    };
                    let length = self.part.lock().length();
                    let message = format!(
                        "the video is cut off: it has {length} bytes, but its box at {at} ends \
                         at {needed}"
                    );
                    if end == End::Complete {
                        self.disk("written", |part| part.lock().disown()).await?;
                        return Err(DownloadError::not_a_video(message));
                    }
                    // Without an announced length, this is how a broken connection looks.
                    let error = DownloadError::interrupted(message);
                    self.wait(&mut delays, &mut highest, error, None).await?;
                }
                Err(Fault::Final(error)) => return Err(error),
                Err(Fault::Refused(error)) => {
                    url = self.fresh_url(error).await?;
                    self.resume(&url).await?;
                }
                Err(Fault::Passing(error, wait)) => {
                    self.wait(&mut delays, &mut highest, error, wait).await?;
                }
            }
        }
    }

    /// Brings all bytes to the disk, and returns their hash.
    pub async fn finish(&mut self) -> Result<String, DownloadError> {
        self.disk("written", SharedPart::sync).await
    }

    /// Waits before the next try, if there is one.
    async fn wait(
        &mut self,
        delays: &mut ExponentialBackoff,
        highest: &mut u64,
        error: DownloadError,
        at_least: Option<Duration>,
    ) -> Result<(), DownloadError> {
        let length = self.part.lock().length();
        if length > *highest {
            *highest = length;
            // This try was none without a new byte.
            *delays = self::delays(self.download.tries.saturating_add(1));
        }
        if self.requests >= MOST_REQUESTS {
            return Err(error.and(&format!("gave up after {MOST_REQUESTS} requests")));
        }
        let Some(delay) = delays.next() else {
            let tries = self.download.tries;
            return Err(error.and(&format!("gave up after {tries} tries without a new byte")));
        };
        let at_least = at_least.unwrap_or_default().min(LONGEST_WAIT);
        tokio::time::sleep(delay.max(at_least)).await;
        Ok(())
    }

    /// Takes what is there already, if it is from this URL.
    async fn resume(&mut self, url: &Url) -> Result<(), DownloadError> {
        let identity = identity(url);
        self.disk("read", move |part| part.resume(&identity)).await
    }

    /// Whether all bytes are there already, by what was announced.
    fn is_complete(&self) -> Result<bool, DownloadError> {
        let part = self.part.lock();
        if let Some(total) = part.total().filter(|_| part.length() > 0) {
            self.check_size(total)?;
        }
        Ok(part.length() > 0 && part.total() == Some(part.length()))
    }

    /// Whether what an earlier process left can be the video; if not, the part starts over.
    async fn is_whole(&mut self) -> Result<bool, DownloadError> {
        let is_whole = self.cut_off().await?.is_none();
        if !is_whole {
            self.part.lock().forget();
            self.resumed_from = 0;
        }
        Ok(is_whole)
    }

    async fn cut_off(&mut self) -> Result<Option<CutOff>, DownloadError> {
        self.disk("read", |part| part.cut_off()).await
    }

    /// One GET with all that comes of it.
    async fn exchange(&mut self, url: &Url) -> Result<End, Fault> {
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
        while beginning.len() < boxes::BEGINNING {
            match self.chunk(&mut answer.response).await? {
                Some(chunk) => beginning.extend_from_slice(&chunk),
                None => break,
            }
        }
        if !boxes::is_video(&beginning) {
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

    /// A status that brings no bytes of a file.
    async fn turned_away(&mut self, answer: Answer) -> Fault {
        let status = answer.response.status();
        if status.is_success() || status.is_informational() || status.is_redirection() {
            return self.other_than_video(answer, Vec::new()).await;
        }
        let Answer { response, hops } = answer;
        let wait = retry_after(response.headers());
        let shown = shown(&hops);
        let page = self.page(&hops, response, Vec::new()).await;
        let words = page.after(": ");
        let is_passing = status.is_server_error()
            || page.is_saturated
            || matches!(status.as_u16(), 408 | 425 | 429);
        if is_passing {
            let message = format!("{shown} answered HTTP {}{words}", status.as_u16());
            let error = DownloadError::interrupted(message).with_status(status);
            return Fault::Passing(error, wait);
        }
        let message = format!("{shown} refuses the video: HTTP {}{words}", status.as_u16());
        let is_gone = matches!(
            status,
            StatusCode::UNAUTHORIZED
                | StatusCode::FORBIDDEN
                | StatusCode::NOT_FOUND
                | StatusCode::GONE
        );
        let expired =
            page.says_expired() || (is_gone && self.download.url.is_expired(SystemTime::now()));
        Fault::Refused(DownloadError::refused(message, status, expired))
    }

    /// A body that is no video. It counts as a refusal: some hosts answer so when a URL has
    /// expired, and then a fresh one helps.
    async fn other_than_video(&mut self, answer: Answer, beginning: Vec<u8>) -> Fault {
        let Answer { response, hops } = answer;
        let status = response.status();
        let shown = shown(&hops);
        let page = self.page(&hops, response, beginning).await;
        let message = format!("{shown} gave no video, but a body {}", page.describe());
        Fault::Refused(DownloadError::not_a_video(message).with_status(status))
    }

    async fn page(&mut self, hops: &[Url], response: Response, beginning: Vec<u8>) -> Page {
        let stall = self.download.stall_timeout;
        // A page may repeat any of these.
        let old = self.old_url.as_ref().and_then(usable);
        let urls: Vec<Url> = hops.iter().cloned().chain(old).collect();
        Page::read(&self.download.client, &urls, response, beginning, stall).await
    }

    /// Asks for the task again, once; `why` is the error if that does not help.
    async fn fresh_url(&mut self, why: DownloadError) -> Result<Url, DownloadError> {
        if self.old_url.is_some() {
            return Err(why.and("a fresh URL of the task did not help"));
        }
        self.old_url = Some(self.download.url.clone());
        let download = &mut *self.download;
        let mut delays = delays(QUERIES);
        let response = loop {
            match download.client.query(&download.task_id).await {
                Ok(response) => break response,
                Err(error) => match delays.next().filter(|_| error.is_retryable()) {
                    Some(delay) => {
                        let at_least = error.retry_after().unwrap_or_default();
                        tokio::time::sleep(delay.max(at_least.min(LONGEST_WAIT))).await;
                    }
                    None => return Err(why.and_query(error)),
                },
            }
        };
        let fresh = if download.is_original {
            response.original_result_url()
        } else {
            response.result_url()
        };
        let Some(fresh) = fresh else {
            let which = if download.is_original {
                " before an enhancement"
            } else {
                ""
            };
            let status = response.task().shape();
            return Err(why.and(&format!(
                "the task has no video{which} any more: it is {status}"
            )));
        };
        let Some(url) = usable(&fresh) else {
            return Err(why.and(&format!("the task has no other URL: {fresh}")));
        };
        if usable(&download.url).as_ref() == Some(&url) {
            return Err(why.and("the task has the same URL still"));
        }
        download.url = fresh;
        Ok(url)
    }

    fn check_size(&self, size: u64) -> Result<(), DownloadError> {
        let most = self.download.max_bytes;
        if size <= most {
            return Ok(());
        }
        Err(DownloadError::too_large(format!(
            "the video has {} at least, which is more than the {} that are allowed",
            Size(size),
            Size(most)
        )))
    }

    fn report(&mut self, bytes: u64, total: Option<u64>) {
        if let Some(on_progress) = &mut self.download.on_progress {
            on_progress(DownloadProgress {
                bytes,
                total,
                resumed_from: self.resumed_from,
            });
        }
    }

    /// Does something with the part where it may take its time.
    async fn disk<R: Send + 'static>(
        &mut self,
        what: &str,
        work: impl FnOnce(&SharedPart) -> io::Result<R> + Send + 'static,
    ) -> Result<R, DownloadError> {
        let part = self.part.clone();
        let done = joined(tokio::task::spawn_blocking(move || work(&part)).await)?;
        done.map_err(|error| self.failed(what, error))
    }

    fn failed(&self, what: &str, error: io::Error) -> DownloadError {
        DownloadError::io(what, self.part.lock().path(), error)
    }
}

/// What a thread returned; it only goes missing when the runtime ends.
pub(super) fn joined<R>(outcome: Result<R, tokio::task::JoinError>) -> Result<R, DownloadError> {
    outcome.map_err(|error| match error.try_into_panic() {
        Ok(panic) => std::panic::resume_unwind(panic),
        Err(_) => DownloadError::interrupted("the runtime is shutting down".to_owned()),
    })
}

fn usable(url: &ResultUrl) -> Option<Url> {
    url.expose()?.parse().ok()
}

/// Where a response came from.
fn shown(hops: &[Url]) -> String {
    hops.last()
        .map_or_else(String::new, |url| mask(url.as_str()).into_owned())
}

/// The delays between so many tries; some 25 seconds in all by default.
fn delays(tries: usize) -> ExponentialBackoff {
    ExponentialBuilder::new()
        .with_min_delay(Duration::from_millis(100))
        .with_factor(3.0)
        .with_max_delay(Duration::from_secs(30))
        .with_max_times(tries.saturating_sub(1))
        .with_jitter()
        .build()
}
