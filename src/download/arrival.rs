//! A response that is no redirect, with what is known of its request.

use reqwest::Response;
use tokio::time::Instant;
use url::Url;

pub(super) struct Arrival {
    pub response: Response,
    /// Where it came from, after the redirects.
    pub url: Url,
    /// Whether the key went with the request.
    pub with_key: bool,
    /// When the request was sent.
    pub sent: Instant,
}
