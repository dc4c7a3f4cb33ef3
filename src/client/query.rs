//! The client, and its one call.

use std::{panic::resume_unwind, sync::Arc, time::Duration};

use http::StatusCode;
use progenitor_client::{ByteStream, ResponseValue};
use tokio::{task::spawn_blocking, time::Instant};
use url::Url;

use super::{
    error::Error, exchange::Exchange, generated, hook::Headers, interpret::interpret, observer,
    rate_limit::RateLimit, receive::receive, response::QueryResponse, settings::Settings, trace,
    transport::Transport, turns::Turns, warning::ClientWarning,
};
use crate::{
    model::{TaskId, operation},
    redact,
};

/// Validating a body of this many bytes takes a few milliseconds at most; longer ones would hold up
/// the tasks that share the thread.
const MAX_BODY_ON_ASYNC_THREAD: usize = 256 << 10;

/// Queries tasks of one gateway with one API key.
///
/// Cloning is cheap; clones share their connections, the request rate and its pauses. The key is
/// held in a secret type: no `Debug`, log or error shows it.
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
    pub(super) transport: Arc<Transport>,
    pub(super) settings: Arc<Settings>,
    pub(super) rate_limit: Arc<RateLimit>,
    pub(super) turns: Option<Arc<dyn Turns>>,
}

/// An answer, as much of it as arrived.
pub(crate) struct Answer {
    pub exchange: Exchange,
    /// Why not all of it arrived.
    pub broken: Option<reqwest::Error>,
}

impl Client {
    /// The base URL of the gateway, without a slash at its end.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.settings.base_url
    }

    /// What works, but is not safe in this configuration.
    #[must_use]
    pub fn warnings(&self) -> Vec<ClientWarning> {
        ClientWarning::of_origins(&self.settings.origins)
    }

    /// Whether a request to this URL carries the key: those to the gateway's own origin and to
    /// trusted ones do.
    #[must_use]
    pub fn sends_key_to(&self, url: &Url) -> bool {
        self.settings.takes_key(url)
    }

    /// Queries a task once.
    ///
    /// A task that failed is an `Ok`: the query succeeded. So is every answer that tells a status
    /// or a URL, whatever else is wrong with it: [`QueryResponse::view`] has what to act on, and
    /// [`QueryResponse::report`] what is wrong. Nothing is retried here.
    ///
    /// The request begins when the client's turn has come: not more often than
    /// [`requests_per_second`](crate::ClientBuilder::requests_per_second), and not before the time
    /// that a `429` with `Retry-After` asked for, which holds for all queries, waits and watches of a
    /// client and its clones, up to [`max_retry_after`](crate::ClientBuilder::max_retry_after).
    ///
    /// # Errors
    ///
    /// Each kind has a predicate: no connection ([`Error::is_connect`]), no answer in time
    /// ([`Error::is_timeout`]), an answer cut off ([`Error::is_interrupted`]), an error of the
    /// gateway ([`Error::is_api`]), an answer without a task ([`Error::is_not_understood`]),
    /// an answer about another task ([`Error::is_other_task`]), an id that cannot be one
    /// ([`Error::is_input`]). If there was a body, the error has it ([`Error::body`]) and the report
    /// on it ([`Error::report`]).
    pub async fn query(&self, task_id: &TaskId) -> Result<QueryResponse, Error> {
        self.turn(None).await;
        let outcome = self.query_now(task_id).await;
        let limited = match &outcome {
            Ok(response) => Some((response.status(), response.retry_after())),
            Err(error) => error.status().map(|status| (status, error.retry_after())),
        };
        if let Some((StatusCode::TOO_MANY_REQUESTS, Some(asked))) = limited {
            let honoured = asked.min(self.settings.max_retry_after);
            self.pause(Instant::now(), asked, honoured);
        }
        outcome
    }

    /// All operations of the OpenAPI document, one method for each.
    ///
    /// Each sends the key, within the timeout of the client, and returns status, headers and bytes as
    /// they come; [`Operation`](crate::validate::operations::Operation) judges them. The request
    /// rate of the client does not hold for them.
    ///
    /// # Errors
    ///
    /// If there is no API key.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(client: seedance_query::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let id = "asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F".parse()?;
    /// let response = client.operations()?.query_task(&id).await?;
    /// println!("{}", response.status());
    /// # Ok(())
    /// # }
    /// ```
    pub fn operations(&self) -> Result<generated::Client, Error> {
        let headers = Headers {
            headers: self.settings.headers_with_key()?,
            timeout: self.settings.timeout,
        };
        let http = self.transport.gateway().clone();
        Ok(generated::Client::new_with_client(
            self.base_url(),
            http,
            headers,
        ))
    }

    /// The same client, each query of which waits for its turn.
    #[doc(hidden)]
    #[must_use]
    pub fn taking_turns(&self, turns: Arc<dyn Turns>) -> Self {
        Self {
            turns: Some(turns),
            ..self.clone()
        }
    }

    /// Waits until the next query may begin. A pause delays it until `latest` at most.
    pub(crate) async fn turn(&self, latest: Option<Instant>) {
        self.rate_limit.turn(latest).await;
    }

    /// The moment at which the next query may begin, which is the caller's alone; unless the client
    /// is [paused](Self::paused_until) by then.
    pub(crate) fn reserve_turn(&self) -> Instant {
        self.rate_limit.reserve()
    }

    /// When the pause is over that the gateway has asked for, for a query that may not begin later
    /// than `latest`.
    pub(crate) fn paused_until(&self, latest: Option<Instant>) -> Option<Instant> {
        self.rate_limit.paused_until(latest)
    }

    /// Pauses all queries of the client and its clones, as the gateway has asked for.
    pub(crate) fn pause(&self, now: Instant, asked: Duration, honoured: Duration) {
        trace::paused(asked, honoured);
        self.rate_limit.pause(now + honoured);
    }

    /// Queries without waiting for a turn, but for one that others share.
    pub(crate) async fn query_now(&self, task_id: &TaskId) -> Result<QueryResponse, Error> {
        if let Some(turns) = &self.turns {
            turns.turn().await;
        }
        let began = Instant::now();
        let outcome = trace::in_query(task_id, async {
            let outcome = match self.exchange(task_id).await {
                Ok(Answer { exchange, broken }) => self.interpret(task_id, exchange, broken).await,
                Err(error) => Err(error),
            };
            trace::queried(&outcome, began.elapsed());
            outcome
        });
        outcome.await
    }

    /// The answer, as much of it as arrived, and why the rest did not.
    async fn exchange(&self, task_id: &TaskId) -> Result<Answer, Error> {
        if let Some(fault) = task_id.fault() {
            return Err(Error::input(fault.to_string()));
        }
        let client = self.operations()?;
        let (status, response) = self.response(client.query_task(task_id).await)?;
        Ok(self.read(status, response, self.path(task_id)).await)
    }

    /// Reads a response to a request for this path.
    pub(super) async fn read(
        &self,
        status: StatusCode,
        response: ResponseValue<ByteStream>,
        path: String,
    ) -> Answer {
        let received = receive(response, self.settings.max_body_bytes).await;
        let exchange = Exchange {
            secrets: Arc::clone(&self.settings.secrets),
            base_url: Arc::clone(&self.settings.base_url),
            path,
            status,
            headers: received.headers,
            body: received.body,
            is_cut_off: received.is_cut_off,
        };
        Answer {
            exchange,
            broken: received.error,
        }
    }

    /// Reads an answer and passes it to the observer, on another thread if the body is large.
    async fn interpret(
        &self,
        task_id: &TaskId,
        exchange: Exchange,
        broken: Option<reqwest::Error>,
    ) -> Result<QueryResponse, Error> {
        let (settings, task_id) = (Arc::clone(&self.settings), task_id.clone());
        let is_large = exchange.body.len() > MAX_BODY_ON_ASYNC_THREAD;
        let interpret = move || {
            let outcome = interpret(exchange, broken, &task_id, settings.is_local);
            if let Some(observer) = &settings.observer {
                observer::show(&**observer, &task_id, &outcome);
            }
            outcome
        };
        if !is_large {
            return interpret();
        }
        match spawn_blocking(interpret).await {
            Ok(outcome) => outcome,
            Err(error) if error.is_panic() => resume_unwind(error.into_panic()),
            Err(_) => Err(Error::shut_down()),
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

    /// The path of a query, as it is sent.
    fn path(&self, task_id: &TaskId) -> String {
        let path = operation::QUERY.path_for(task_id);
        let url = format!("{}{path}", self.base_url());
        Url::parse(&url).map_or(path, |url| url.path().to_owned())
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
