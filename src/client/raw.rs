//! Requests that are none of the API's own operations, such as for a video.

use http::{HeaderMap, HeaderValue, Method, header};
use reqwest::{Request, Response};
use url::Url;

use super::Client;

impl Client {
    /// Sends a GET, with the key only if `with_key`. It has no time limit as a whole.
    pub(crate) async fn get(
        &self,
        url: Url,
        headers: HeaderMap,
        with_key: bool,
    ) -> reqwest::Result<Response> {
        /// Beats the limit that a client of the caller may have for a request as a whole.
        const UNLIMITED: std::time::Duration = std::time::Duration::from_hours(24 * 365);
        let mut request = Request::new(Method::GET, url);
        *request.timeout_mut() = Some(UNLIMITED);
        *request.headers_mut() = headers;
        let headers = request.headers_mut();
        headers.insert(header::ACCEPT, HeaderValue::from_static("*/*"));
        if let Some(user_agent) = &self.settings.user_agent {
            headers.insert(header::USER_AGENT, user_agent.clone());
        }
        if with_key {
            headers.insert(header::AUTHORIZATION, self.settings.bearer.clone());
        }
        self.http.execute(request).await
    }

    /// A server's text without the key, in case that it repeats it, and without signatures.
    pub(crate) fn without_secrets(&self, text: &str) -> String {
        self.settings.without_secrets(text)
    }
}
