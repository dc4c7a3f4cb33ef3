//! From a URL to all bytes of the video, over any number of requests.

use std::time::Duration;

use backon::ExponentialBackoff;
use url::Url;

use super::{
    attempt_error::AttemptError,
    conclusion::{Conclusion, Judge},
    cut::{Cut, Limit},
    error::DownloadError,
    outcome::Verification,
    receive::BodyEnd,
    resume_state::identity,
    routes::Routes,
    trace,
    transfer::{MAX_WAIT, Transfer, capped, delays},
};

/// Maximum number of requests, whatever progress there is.
const MAX_REQUESTS: u32 = 10_000;
/// Maximum number of consecutive answers with HTTP 429: half an hour, at a minute each.
const MAX_RATE_LIMITED: u32 = 30;
/// Maximum number of tries without a new byte for a URL that stands in for another.
const STAND_IN_TRIES: usize = 3;
/// Maximum number of slow transfers before another URL is used.
const MAX_SLOW: u32 = 2;

/// The counters of a download for one URL.
struct Patience {
    tries: usize,
    delays: ExponentialBackoff,
    /// The most bytes that there ever were.
    highest: u64,
    rate_limited: u32,
    slow: u32,
    last_cut: Option<Cut>,
}

/// Downloads the file to its full length, and says what vouches for it.
pub(super) async fn run(transfer: &mut Transfer<'_>) -> Result<Verification, DownloadError> {
    let mut routes = Routes::default();
    let mut judge = Judge::default();
    let mut url = routes.first(transfer).await?;
    transfer
        .disk("read", super::partial_file::SharedPart::resume)
        .await?;
    transfer.resumed_from = transfer.part.lock().length();
    trace::resumes(transfer.task_id(), transfer.resumed_from);
    let mut patience = Patience::new(transfer, &routes);
    if is_complete(transfer, &url)? {
        let length = transfer.resumed_from;
        match judge.conclude(transfer, &url, BodyEnd::Complete).await? {
            Conclusion::Done(verification) => {
                transfer.report(length, Some(length));
                return Ok(verification);
            }
            Conclusion::Again(_) | Conclusion::Broken(_) => {
                transfer.part.lock().forget();
                transfer.resumed_from = 0;
            }
        }
    }
    loop {
        let before = transfer.part.lock().length();
        let outcome = transfer.attempt(&url).await;
        if outcome.is_ok() {
            patience.last_cut = None;
        }
        let given_up = match outcome {
            Ok(BodyEnd::Slice) if transfer.part.lock().length() > before => continue,
            Ok(BodyEnd::Slice) => {
                let message = "the server sends no further bytes".to_owned();
                let error = DownloadError::interrupted(message);
                patience.wait(transfer, error, None).await.err()
            }
            Ok(end) => match judge.conclude(transfer, &url, end).await? {
                Conclusion::Done(verification) => return Ok(verification),
                Conclusion::Again(error) => patience.wait(transfer, error, None).await.err(),
                Conclusion::Broken(error) => Some(error),
            },
            Err(AttemptError::Final(error)) => return Err(error),
            Err(AttemptError::Refused(error)) => Some(error),
            Err(AttemptError::Passing(error, wait)) => {
                patience.wait(transfer, error, wait).await.err()
            }
            Err(AttemptError::Cut(error, cut)) => patience.cut(transfer, error, cut).await.err(),
            Err(AttemptError::Slow(error)) => patience.slow(transfer, error).await.err(),
            Err(AttemptError::RateLimited(error)) => patience.rate_limited(error).err(),
        };
        if let Some(error) = given_up {
            url = routes.next(transfer, error).await?;
            transfer.without_range = false;
            transfer.gives_slices = false;
            patience = Patience::new(transfer, &routes);
        }
    }
}

/// Whether all bytes of this URL's file are there already, by what was announced.
fn is_complete(transfer: &Transfer<'_>, url: &Url) -> Result<bool, DownloadError> {
    let part = transfer.part.lock();
    let Some(state) = part.state().filter(|_| part.length() > 0) else {
        return Ok(false);
    };
    if let Some(total) = state.total {
        transfer.check_size(total)?;
    }
    let is_its_own = state.url_sha256 == identity(url);
    Ok(is_its_own && state.total == Some(part.length()))
}

impl Patience {
    fn new(transfer: &Transfer<'_>, routes: &Routes) -> Self {
        let mut tries = transfer.options.tries;
        if routes.is_stand_in() {
            tries = tries.min(STAND_IN_TRIES);
        }
        Self {
            tries,
            delays: delays(tries),
            highest: transfer.part.lock().length(),
            rate_limited: 0,
            slow: 0,
            last_cut: None,
        }
    }

    /// Waits before the next try, if there is one.
    async fn wait(
        &mut self,
        transfer: &mut Transfer<'_>,
        error: DownloadError,
        at_least: Option<Duration>,
    ) -> Result<(), DownloadError> {
        let length = transfer.part.lock().length();
        let tries = self.tries;
        if length > self.highest {
            self.highest = length;
            self.rate_limited = 0;
            // This try was none without a new byte.
            self.delays = delays(tries.saturating_add(1));
        }
        if transfer.requests >= MAX_REQUESTS {
            return Err(error.and(&format!("gave up after {MAX_REQUESTS} requests")));
        }
        let Some(delay) = self.delays.next() else {
            return Err(error.and(&format!("gave up after {tries} tries without a new byte")));
        };
        let at_least = at_least.unwrap_or_default();
        let mut reason = error.to_string();
        if at_least > MAX_WAIT {
            reason.push_str(&format!("; {}", capped(at_least)));
        }
        let delay = delay.max(at_least.min(MAX_WAIT));
        trace::tries_again(transfer.task_id(), &error, length, delay);
        transfer.sleep(delay, &reason).await;
        Ok(())
    }

    /// A transfer of the whole file broke off. If the one before did so in the same way, the next
    /// one would, too.
    async fn cut(
        &mut self,
        transfer: &mut Transfer<'_>,
        error: DownloadError,
        cut: Cut,
    ) -> Result<(), DownloadError> {
        let before = self.last_cut.replace(cut);
        match before.and_then(|before| cut.limit(before)) {
            Some(limit @ Limit::Time(_)) => Err(DownloadError::too_slow(limit.to_string())),
            Some(limit @ Limit::Place(_)) => Err(DownloadError::interrupted(limit.to_string())),
            None => self.wait(transfer, error, None).await,
        }
    }

    async fn slow(
        &mut self,
        transfer: &mut Transfer<'_>,
        error: DownloadError,
    ) -> Result<(), DownloadError> {
        self.slow += 1;
        if self.slow >= MAX_SLOW {
            return Err(error);
        }
        self.wait(transfer, error, None).await
    }

    /// The pace of the origin has been lowered, and the next request waits for that: this was no
    /// try.
    fn rate_limited(&mut self, error: DownloadError) -> Result<(), DownloadError> {
        self.rate_limited += 1;
        if self.rate_limited > MAX_RATE_LIMITED {
            return Err(error.and(&format!("gave up after {MAX_RATE_LIMITED} such answers")));
        }
        Ok(())
    }
}
