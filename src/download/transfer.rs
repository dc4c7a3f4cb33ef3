//! From a URL to all bytes of the video, over as many connections as it takes.

use std::{io, time::Duration};

use backon::{BackoffBuilder, ExponentialBackoff, ExponentialBuilder};
use url::Url;

use super::{
    Download, DownloadError, DownloadProgress, error::Size, exchange::End, mp4::CutOff,
    partial_file::SharedPart, request::Fault, resume_state::identity,
};
use crate::model::ResultUrl;

/// So many requests are sent at most, whatever progress there is.
const MOST_REQUESTS: u32 = 1000;
/// A server is not waited for longer than this.
pub(super) const LONGEST_WAIT: Duration = Duration::from_mins(10);
pub(super) struct Transfer<'a> {
    pub download: &'a mut Download,
    pub part: SharedPart,
    pub requests: u32,
    pub resumed_from: u64,
    /// The URL that was given, once there is a fresh one.
    pub old_url: Option<ResultUrl>,
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
        let mut url = if let Some(url) = usable(&self.download.url) {
            url
        } else {
            let message = format!("the video cannot be downloaded: {}", self.download.url);
            self.fresh_url(DownloadError::unusable_url(message)).await?
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
        self.disk("read", SharedPart::cut_off).await
    }

    pub(super) fn check_size(&self, size: u64) -> Result<(), DownloadError> {
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

    pub(super) fn report(&mut self, bytes: u64, total: Option<u64>) {
        if let Some(on_progress) = &mut self.download.on_progress {
            on_progress(DownloadProgress {
                bytes,
                total,
                resumed_from: self.resumed_from,
            });
        }
    }

    /// Does something with the part where it may take its time.
    pub(super) async fn disk<R: Send + 'static>(
        &mut self,
        what: &str,
        work: impl FnOnce(&SharedPart) -> io::Result<R> + Send + 'static,
    ) -> Result<R, DownloadError> {
        let part = self.part.clone();
        let done = joined(tokio::task::spawn_blocking(move || work(&part)).await)?;
        done.map_err(|error| self.failed(what, error))
    }

    pub(super) fn failed(&self, what: &str, error: io::Error) -> DownloadError {
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

pub(super) fn usable(url: &ResultUrl) -> Option<Url> {
    url.expose()?.parse().ok()
}

/// The delays between so many tries; some 25 seconds in all by default.
pub(super) fn delays(tries: usize) -> ExponentialBackoff {
    ExponentialBuilder::new()
        .with_min_delay(Duration::from_millis(100))
        .with_factor(3.0)
        .with_max_delay(Duration::from_secs(30))
        .with_max_times(tries.saturating_sub(1))
        .with_jitter()
        .build()
}
