//! What a download is to do, and within which limits.

use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use url::Url;

use super::{
    disk::Disk,
    outcome::{DownloadProgress, DownloadWait},
    storage::Storage,
};
use crate::{
    client::Client,
    model::{ResultUrl, TaskId},
};

const MAX_BYTES: u64 = 4 << 30;
const STALL_TIMEOUT: Duration = Duration::from_secs(30);
const MIN_SPEED: u64 = 1000;
const RATE_LIMIT_WAIT: Duration = Duration::from_mins(1);
const TRIES: usize = 6;

#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a choice of its own; any combination can occur"
)]
pub(super) struct Options {
    pub client: Client,
    pub task_id: TaskId,
    pub url: ResultUrl,
    pub is_original: bool,
    pub directory: PathBuf,
    pub file_name: Option<String>,
    pub overwrite: bool,
    pub max_bytes: u64,
    pub stall_timeout: Duration,
    pub min_speed: u64,
    pub total_timeout: Option<Duration>,
    pub rate_limit_wait: Duration,
    pub tries: usize,
    pub verify: bool,
    pub alternatives: bool,
    pub allow_private: bool,
    pub allow_http: bool,
    pub on_progress: Option<Box<dyn FnMut(DownloadProgress) + Send>>,
    pub on_wait: Option<Box<dyn FnMut(DownloadWait) + Send>>,
    pub storage: Arc<dyn Storage>,
}

impl Options {
    pub fn new(client: Client, task_id: TaskId, url: ResultUrl) -> Self {
        Self {
            client,
            task_id,
            url,
            is_original: false,
            directory: PathBuf::from("."),
            file_name: None,
            overwrite: false,
            max_bytes: MAX_BYTES,
            stall_timeout: STALL_TIMEOUT,
            min_speed: MIN_SPEED,
            total_timeout: None,
            rate_limit_wait: RATE_LIMIT_WAIT,
            tries: TRIES,
            verify: true,
            alternatives: true,
            allow_private: false,
            allow_http: false,
            on_progress: None,
            on_wait: None,
            storage: Arc::new(Disk),
        }
    }
}

impl Options {
    /// Whether a URL may be requested as it is: with TLS, or without where the gateway has none
    /// either, or the caller allows it.
    pub fn may_be_plain(&self, url: &Url) -> bool {
        let is_gateway_plain = self.client.base_url().starts_with("http:");
        url.scheme() != "http"
            || is_gateway_plain
            || self.allow_http
            || self.client.sends_key_to(url)
    }

    /// The same URL with TLS, where it may not be requested without and has no port of its own.
    pub fn with_tls(&self, mut url: Url) -> Url {
        if !self.may_be_plain(&url) && url.port().is_none() {
            // Both schemes are of the same kind, so it can be set.
            let _ = url.set_scheme("https");
        }
        url
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("task_id", &self.task_id)
            .field("url", &self.url)
            .field("is_original", &self.is_original)
            .field("directory", &self.directory)
            .field("file_name", &self.file_name)
            .field("overwrite", &self.overwrite)
            .field("max_bytes", &self.max_bytes)
            .field("stall_timeout", &self.stall_timeout)
            .field("min_speed", &self.min_speed)
            .field("total_timeout", &self.total_timeout)
            .field("rate_limit_wait", &self.rate_limit_wait)
            .field("tries", &self.tries)
            .field("verify", &self.verify)
            .field("alternatives", &self.alternatives)
            .field("allow_private", &self.allow_private)
            .field("allow_http", &self.allow_http)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::Options;
    use crate::{client::Client, model::ResultUrl};

    fn options(gateway: &str) -> Options {
        let builder = Client::builder().base_url(gateway);
        let client = builder.api_key("sk-test-0123456789abcdef").build().unwrap();
        Options::new(client, "t".parse().unwrap(), ResultUrl::new(None, "", None))
    }

    #[test]
    fn http_is_used_only_where_it_is_asked_for() {
        let mut secure = options("https://gateway.example");
        let with_tls = |options: &Options, url: &str| {
            let url = options.with_tls(url.parse().unwrap());
            (url.to_string(), options.may_be_plain(&url))
        };
        let plain = "http://store.example/v?x=1";
        let expected = ("https://store.example/v?x=1".to_owned(), true);
        assert_eq!(with_tls(&secure, plain), expected);
        // Another port has no TLS, as far as anybody knows.
        let with_port = "http://store.example:8080/v";
        assert_eq!(with_tls(&secure, with_port), (with_port.to_owned(), false));
        secure.allow_http = true;
        for url in [plain, with_port] {
            assert_eq!(with_tls(&secure, url), (url.to_owned(), true));
        }
        let insecure = options("http://127.0.0.1:3000");
        assert_eq!(with_tls(&insecure, plain), (plain.to_owned(), true));
    }
}
