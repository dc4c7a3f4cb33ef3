//! The body of a response, decoded, as long as it comes fast enough.

use bytes::Bytes;
use http::HeaderMap;
use tokio::time::{Instant, timeout};

use super::{
    arrival::Arrival,
    attempt_error::AttemptError,
    container::SNIFFED,
    content_encoding::{ContentEncoding, Decoder},
    error::DownloadError,
    pacing::{Pacing, SpeedGauge},
};

pub(super) struct Body {
    arrival: Arrival,
    decoder: Option<Decoder>,
    /// Received and not decoded yet.
    encoded: Bytes,
    is_over: bool,
    speed: SpeedGauge,
    /// All bytes received, encoded.
    received: u64,
}

impl Body {
    pub fn new(arrival: Arrival, encoding: &ContentEncoding, pacing: Pacing) -> Self {
        Self {
            arrival,
            decoder: encoding.decoder(),
            encoded: Bytes::new(),
            is_over: false,
            speed: SpeedGauge::new(pacing),
            received: 0,
        }
    }

    pub fn is_encoded(&self) -> bool {
        self.decoder.is_some()
    }

    /// How many bytes were received, encoded.
    pub fn received(&self) -> u64 {
        self.received
    }

    pub fn headers(&self) -> &HeaderMap {
        self.arrival.response.headers()
    }

    /// When the request was sent.
    pub fn sent(&self) -> Instant {
        self.arrival.sent
    }

    pub fn into_arrival(self) -> Arrival {
        self.arrival
    }

    /// As many bytes as are needed to recognise the format, or all of them if there are fewer.
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

    /// The next bytes, as received.
    async fn receive(&mut self) -> Result<Option<Bytes>, AttemptError> {
        let stall_timeout = self.speed.stall_timeout();
        loop {
            let begun = Instant::now();
            let chunk = match timeout(stall_timeout, self.arrival.response.chunk()).await {
                Ok(Ok(chunk)) => chunk,
                Ok(Err(cause)) => {
                    let error = DownloadError::http("the connection broke".to_owned(), cause);
                    return Err(AttemptError::Passing(error, None));
                }
                Err(_) => {
                    let message = format!("no data received for {stall_timeout:?}");
                    return Err(AttemptError::Passing(
                        DownloadError::interrupted(message),
                        None,
                    ));
                }
            };
            let Some(chunk) = chunk else {
                return Ok(None);
            };
            self.received += chunk.len() as u64;
            self.speed
                .count(chunk.len() as u64, begun)
                .map_err(|message| AttemptError::Slow(DownloadError::too_slow(message)))?;
            if !chunk.is_empty() {
                return Ok(Some(chunk));
            }
        }
    }
}
