//! The body of a response, decoded, as long as it comes fast enough.

use std::time::Duration;

use bytes::Bytes;
use reqwest::Response;
use tokio::time::{Instant, timeout};

use super::{
    attempt_error::AttemptError,
    container::SNIFFED,
    content_encoding::{ContentEncoding, Decoder},
    error::{DownloadError, Size},
};

/// The least that has to come.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pacing {
    /// The longest time without a byte.
    pub stall_timeout: Duration,
    /// Bytes a second, over that time.
    pub min_speed: u64,
}

pub(super) struct Body {
    response: Response,
    decoder: Option<Decoder>,
    /// What came encoded and is not decoded yet.
    encoded: Bytes,
    is_over: bool,
    pacing: Pacing,
    /// The time spent on waiting for the server, and what came in it.
    waited: Duration,
    bytes: u64,
    /// All that came, encoded.
    received: u64,
}

impl Body {
    pub fn new(response: Response, encoding: &ContentEncoding, pacing: Pacing) -> Self {
        Self {
            response,
            decoder: encoding.decoder(),
            encoded: Bytes::new(),
            is_over: false,
            pacing,
            waited: Duration::ZERO,
            bytes: 0,
            received: 0,
        }
    }

    pub fn is_encoded(&self) -> bool {
        self.decoder.is_some()
    }

    /// How many bytes came over the line.
    pub fn received(&self) -> u64 {
        self.received
    }

    pub fn into_response(self) -> Response {
        self.response
    }

    /// As many bytes as are needed to tell the format, or all of them if there are fewer.
    pub async fn beginning(&mut self) -> Result<Vec<u8>, AttemptError> {
        let mut beginning: Vec<u8> = Vec::new();
        while beginning.len() < SNIFFED {
            match self.next().await? {
                Some(chunk) => beginning.extend_from_slice(&chunk),
                None => break,
            }
        }
        Ok(beginning)
    }

    /// The next piece; none at the end.
    pub async fn next(&mut self) -> Result<Option<Bytes>, AttemptError> {
        loop {
            if let Some(decoder) = self.decoder.as_mut().filter(|_| !self.encoded.is_empty()) {
                let step = self.encoded.len().min(Decoder::STEP);
                let decoded = decoder.decode(&self.encoded.split_to(step));
                let decoded = decoded.map_err(|error| {
                    let message = format!("the encoded body cannot be decoded: {error}");
                    AttemptError::Refused(DownloadError::not_a_video(message))
                })?;
                if !decoded.is_empty() {
                    return Ok(Some(decoded.into()));
                }
                continue;
            }
            if self.is_over {
                return Ok(None);
            }
            let Some(chunk) = self.receive().await? else {
                self.is_over = true;
                let Some(decoder) = &mut self.decoder else {
                    return Ok(None);
                };
                let rest = decoder.finish().map_err(|_| {
                    let message = "the encoded body is cut off".to_owned();
                    AttemptError::Passing(DownloadError::interrupted(message), None)
                })?;
                return Ok(Some(rest).filter(|rest| !rest.is_empty()).map(Bytes::from));
            };
            let is_first = self.received == chunk.len() as u64;
            if is_first && matches!(self.decoder, Some(Decoder::Gzip(_))) && chunk[0] != 0x1f {
                // The header is wrong, as where a store keeps what an upload had said.
                self.decoder = None;
            }
            if self.decoder.is_none() {
                return Ok(Some(chunk));
            }
            self.encoded = chunk;
        }
    }

    /// The next bytes that are there.
    async fn receive(&mut self) -> Result<Option<Bytes>, AttemptError> {
        let Pacing {
            stall_timeout,
            min_speed,
        } = self.pacing;
        loop {
            let begun = Instant::now();
            let chunk = match timeout(stall_timeout, self.response.chunk()).await {
                Ok(Ok(chunk)) => chunk,
                Ok(Err(cause)) => {
                    let error = DownloadError::http("the connection broke".to_owned(), cause);
                    return Err(AttemptError::Passing(error, None));
                }
                Err(_) => {
                    let message = format!("nothing came for {stall_timeout:?}");
                    return Err(AttemptError::Passing(
                        DownloadError::interrupted(message),
                        None,
                    ));
                }
            };
            let length = chunk.as_ref().map_or(0, Bytes::len) as u64;
            self.received += length;
            self.bytes += length;
            self.waited += begun.elapsed();
            if self.waited >= stall_timeout {
                let came = u128::from(self.bytes) * Duration::from_secs(1).as_nanos();
                let needed = u128::from(min_speed).saturating_mul(self.waited.as_nanos());
                if chunk.is_some() && came < needed {
                    let message = format!(
                        "only {} came in {} s, which is less than {} a second",
                        Size(self.bytes),
                        self.waited.as_secs(),
                        Size(min_speed)
                    );
                    return Err(AttemptError::Slow(DownloadError::too_slow(message)));
                }
                self.waited = Duration::ZERO;
                self.bytes = 0;
            }
            match chunk {
                Some(chunk) if chunk.is_empty() => {}
                chunk => return Ok(chunk),
            }
        }
    }
}
