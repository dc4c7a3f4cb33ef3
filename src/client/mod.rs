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
mod response;
mod settings;
mod tls;
mod transport;
mod warning;

use std::sync::Arc;

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
    error::retry_after, exchange::Exchange, hook::Call, rate_limit::RateLimit, raw::SendError,
};

use self::{hook::Received, settings::Settings, transport::Transport};
use crate::{
    model::{Shape, TaskId, types},
    redact,
    validate::{Report, Rule, decode, validate_response},
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
/// println!("{}: {}", response.task().shape(), response.report().verdict());
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
    /// A task that failed is an `Ok`: the query went well. So is a task whose body breaks the
    /// contract in a way that the types can hold; [`QueryResponse::report`] tells. Nothing is
    /// retried here. With more queries than [`ClientBuilder::requests_per_second`] allows, this one
    /// waits its turn.
    ///
    /// # Errors
    ///
    /// Each kind has a predicate: no connection ([`Error::is_connect`]), no answer in time
    /// ([`Error::is_timeout`]), an answer cut off ([`Error::is_interrupted`]), an error of the
    /// gateway ([`Error::is_api`]), a body that is no task ([`Error::is_contract_violation`]), an
    /// id that no URL can hold ([`Error::is_input`]). Wherever there was a body, the error has
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
        if let Some(fault) = task_id.fault() {
            return Err(Error::input(fault.to_string()));
        }
        let call = Call::new(
            Arc::clone(&self.settings),
            self.settings.headers_with_key()?,
        );
        let http = self.transport.gateway().clone();
        let client = generated::Client::new_with_client(self.base_url(), http, call.clone());
        let outcome = client.query_task(task_id).await;
        let outcome = match (outcome, call.take_received()) {
            (
                _,
                Some(Received {
                    exchange,
                    documented: Some((body, shape)),
                }),
            ) => {
                let report = Report::new(Some(shape), Vec::new());
                Ok(QueryResponse::new(body.data, exchange, report))
            }
            (Ok(response), Some(Received { exchange, .. })) => {
                let report = self.report(&exchange);
                let task = response.into_inner().data;
                Ok(QueryResponse::new(task, exchange, report))
            }
            (Err(error), received) => {
                self.failure(error, received.map(|received| received.exchange))
            }
            (Ok(_), None) => Err(Error::input("the request was answered without being sent")),
        };
        if let Some(observer) = &self.settings.observer {
            observer::show(&**observer, task_id, &outcome);
        }
        outcome
    }

    fn failure(
        &self,
        error: generated::Error<types::ErrorBody>,
        exchange: Option<Exchange>,
    ) -> Result<QueryResponse, Error> {
        use generated::Error as Cause;
        let Some(exchange) = exchange else {
            return Err(match error {
                Cause::CommunicationError(cause) => Error::transport(cause, self.base_url()),
                other => Error::input(format!("the request cannot be built: {other}")),
            });
        };
        if let Cause::CommunicationError(cause) | Cause::ResponseBodyError(cause) = error {
            return Err(Error::interrupted(cause, exchange));
        }
        if exchange.is_cut_off {
            return Err(Error::too_large(exchange));
        }
        let report = self.report(&exchange);
        if report.shape() != Some(Shape::Error) {
            // A task is a task, whatever the HTTP status: some gateways answer 500 just as it ends.
            if let Ok(body) = decode(&exchange.body) {
                return Ok(QueryResponse::new(body.data, exchange, report));
            }
            if exchange.status.is_success() {
                return Err(Error::contract(exchange, report));
            }
        }
        Err(Error::api(exchange, report))
    }

    /// A gateway can repeat the key that it was given, so no finding may repeat the gateway.
    fn report(&self, exchange: &Exchange) -> Report {
        let report = validate_response(exchange.status.as_u16(), &exchange.body);
        let report = report.redacted(&self.settings.redactor());
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
