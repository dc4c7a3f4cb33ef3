//! Requests that have an effect, which are sent once.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, header};
use progenitor_client::ResponseValue;
use tokio::time::Instant;

use super::{
    error::Error,
    query::{Answer, Client},
    retry_after::retry_after,
};

impl Client {
    /// Sends JSON to the gateway, once, when the client's turn has come.
    ///
    /// # Errors
    ///
    /// If no answer came; see [`Error::was_sent`].
    pub(crate) async fn post(
        &self,
        path: &str,
        json: Bytes,
        timeout: Duration,
    ) -> Result<Answer, Error> {
        self.turn(None).await;
        let mut headers = self.settings.headers_with_key()?;
        let json_type = HeaderValue::from_static("application/json");
        headers.insert(header::ACCEPT, json_type.clone());
        headers.insert(header::CONTENT_TYPE, json_type);
        let http = self.transport.gateway();
        let request = http
            .post(format!("{}{path}", self.base_url()))
            .headers(headers)
            .timeout(timeout)
            .body(json);
        let sent = request.send().await;
        let response = sent.map_err(|cause| Error::transport(cause, self.base_url()))?;
        let (status, path) = (response.status(), path.to_owned());
        let answer = self.read(status, ResponseValue::stream(response), path);
        let answer = answer.await;
        if let (429, Some(asked)) = (status.as_u16(), retry_after(&answer.exchange.headers)) {
            self.pause(
                Instant::now(),
                asked,
                asked.min(self.settings.max_retry_after),
            );
        }
        Ok(answer)
    }

    /// The longest time for a request, unless it says otherwise.
    pub(crate) fn timeout(&self) -> Duration {
        self.settings.timeout
    }
}
