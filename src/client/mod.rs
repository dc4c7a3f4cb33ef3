//! The client: configuration, and the one call.

mod api_key;
mod base_url;
mod builder;
mod error;
mod exchange;
mod generated;
mod hook;
mod key_ring;
mod observer;
mod rate_limit;
mod raw;
mod receive;
mod response;
mod scheme_hint;
mod settings;
mod tls;
pub(crate) mod trace;
mod transport;
mod warning;

use std::sync::Arc;

use http::StatusCode;
use progenitor_client::{ByteStream, ResponseValue};
use tokio::time::{Instant, sleep_until};
use url::Url;

#[cfg(feature = "__rustls")]
#[doc(hidden)]
pub use self::tls::rustls_config;
pub use self::{
    api_key::{ApiKey, InvalidApiKey, KeyProvider},
    builder::ClientBuilder,
    error::Error,
    observer::{ObservedExchange, Observer},
    response::QueryResponse,
    warning::ClientWarning,
};
pub(crate) use self::{
    error::retry_after, exchange::Exchange, rate_limit::RateLimit, raw::SendError,
};

use self::{hook::Headers, receive::receive, settings::Settings, transport::Transport};
use crate::{
    model::{TaskId, operation},
    redact,
    validate::{ParsedBody, Report, Rule},
};

/// Queries tasks of one gateway with one API key.
///
/// Cloning is cheap, and clones share their connections. The key is held in a secret type: no
/// `Debug`, log or error shows it.
///
/// # Examples
///
/// ```no_run
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// use seedance_query::Client;
///
/// let client = Client::builder()
///     .base_url("https://gateway.example")
///     .api_key(std::fs::read_to_string("key.txt")?.trim())
///     .build()?;
/// let response = client.query(&"asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F".parse()?).await?;
/// println!("{}: {}", response.view().state, response.report().verdict());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client {
    transport: Arc<Transport>,
    settings: Arc<Settings>,
    rate_limit: Arc<RateLimit>,
}

impl Client {
    /// Starts a configuration with nothing set.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// Takes the base URL from `SEEDANCE_BASE_URL` and the key from `SEEDANCE_API_KEY`.
    ///
    /// # Errors
    ///
    /// If one of them is not set or cannot be used; see [`Error::is_input`].
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env().build()
    }

    /// The base URL of the gateway, without a slash at its end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.settings.base_url
    }

    /// What about the configuration works, but should be known.
    #[must_use]
    pub fn warnings(&self) -> Vec<ClientWarning> {
        ClientWarning::of_origins(&self.settings.origins)
    }

    /// Whether the key goes along with a request to this URL: to the gateway's own origin, and to
    /// the trusted ones.
    #[must_use]
    pub fn sends_key_to(&self, url: &Url) -> bool {
        self.settings.takes_key(url)
    }

    /// Asks once for the state of a task.
    ///
    /// A task that failed is an `Ok`: the query went well. So is every answer that tells a status
    /// or a URL, whatever else is wrong with it: [`QueryResponse::view`] has what to act on, and
    /// [`QueryResponse::report`] what is wrong. Nothing is retried here. With more queries than
    /// [`ClientBuilder::requests_per_second`] allows, this one waits its turn.
    ///
    /// # Errors
    ///
    /// Each kind has a predicate: no connection ([`Error::is_connect`]), no answer in time
    /// ([`Error::is_timeout`]), an answer cut off ([`Error::is_interrupted`]), an error of the
    /// gateway ([`Error::is_api`]), an answer that tells of no task ([`Error::is_not_understood`]),
    /// an answer about another task ([`Error::is_other_task`]), an id that no URL can hold
    /// ([`Error::is_input`]). Wherever there was a body, the error has
    /// it ([`Error::body`]) and what was found in it ([`Error::report`]).
    pub async fn query(&self, task_id: &TaskId) -> Result<QueryResponse, Error> {
        sleep_until(self.next_turn()).await;
        self.query_now(task_id).await
    }

    /// The moment at which the next query may begin, which is the caller's alone.
    pub(crate) fn next_turn(&self) -> Instant {
        self.rate_limit.reserve()
    }

    /// Queries without waiting for a turn: the caller has had it.
    pub(crate) async fn query_now(&self, task_id: &TaskId) -> Result<QueryResponse, Error> {
        let began = Instant::now();
        let outcome = trace::in_query(task_id, async {
            let outcome = self.ask(task_id).await;
            trace::queried(&outcome, began.elapsed());
            outcome
        });
        let outcome = outcome.await;
        if let Some(observer) = &self.settings.observer {
            observer::show(&**observer, task_id, &outcome);
        }
        outcome
    }

    async fn ask(&self, task_id: &TaskId) -> Result<QueryResponse, Error> {
        if let Some(fault) = task_id.fault() {
            return Err(Error::input(fault.to_string()));
        }
        let headers = Headers {
            headers: self.settings.headers_with_key()?,
            timeout: self.settings.timeout,
        };
        let http = self.transport.gateway().clone();
        let client = generated::Client::new_with_client(self.base_url(), http, headers);
        let (status, response) = self.response(client.query_task(task_id).await)?;
        let received = receive(response).await;
        let exchange = Exchange {
            settings: Arc::clone(&self.settings),
            path: self.path(task_id),
            status,
            headers: received.headers,
            body: received.body,
            is_cut_off: received.is_cut_off,
        };
        if let Some(cause) = received.error {
            return Err(Error::interrupted(cause, exchange));
        }
        if exchange.is_cut_off {
            return Err(Error::too_large(exchange));
        }
        let body = exchange.body.clone();
        let parsed = ParsedBody::new(Some(status.as_u16()), &body).asked_for(task_id.as_str());
        let report = self.report(&parsed);
        if let (Some(view), Some(_)) = (parsed.view(), parsed.other_task()) {
            return Err(Error::other_task(exchange, report, view, task_id));
        }
        match parsed.view() {
            // A task is a task, whatever the HTTP status: some gateways answer 500 just as it ends.
            Some(view) => Ok(QueryResponse::new(view, exchange, report)),
            None if parsed.is_error() || !status.is_success() => {
                Err(Error::api(exchange, report, parsed.reason()))
            }
            None => Err(Error::not_understood(exchange, report)),
        }
    }

    /// The response to a call, whatever its HTTP status.
    fn response(
        &self,
        outcome: Result<ResponseValue<ByteStream>, generated::Error<ByteStream>>,
    ) -> Result<(StatusCode, ResponseValue<ByteStream>), Error> {
        use generated::Error as Cause;
        match outcome {
            Ok(response) | Err(Cause::ErrorResponse(response)) => Ok((response.status(), response)),
            Err(Cause::UnexpectedResponse(response)) => {
                Ok((response.status(), ResponseValue::stream(response)))
            }
            Err(Cause::CommunicationError(cause) | Cause::ResponseBodyError(cause)) => {
                Err(Error::transport(cause, self.base_url()))
            }
            Err(other) => Err(Error::input(format!(
                "the request cannot be built: {other}"
            ))),
        }
    }

    /// The path that a task is asked for at, as it is sent.
    fn path(&self, task_id: &TaskId) -> String {
        let path = operation::QUERY.path_for(task_id);
        let url = format!("{}{path}", self.base_url());
        Url::parse(&url).map_or(path, |url| url.path().to_owned())
    }

    /// A gateway can repeat the key that it was given, so no finding may repeat the gateway.
    fn report(&self, body: &ParsedBody<'_>) -> Report {
        let report = body.report().redacted(&self.settings.redactor());
        if self.settings.is_local {
            report.without_rule(Rule::LoopbackUrl)
        } else {
            report
        }
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &redact::text(self.base_url()))
            .field("timeout", &self.settings.timeout)
            .finish_non_exhaustive()
    }
}
