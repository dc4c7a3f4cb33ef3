//! Sends a submission, once.

use std::time::Duration;

use serde_json::Value;

use super::{
    acceptance::Acceptance, error::SubmitError, submission::Submission, submitted::Submitted,
};
use crate::{
    client::{Answer, Client, Error},
    model::{TaskId, json::parse, name},
    validate::{Reason, operations::SUBMIT_TASK},
};

/// The gateway asks the upstream before it answers, which takes longer than a query.
const MIN_TIMEOUT: Duration = Duration::from_mins(2);

impl Client {
    /// Submits a task, which is billed.
    ///
    /// It is sent once and never again by itself. It begins when the client's turn has come, as a
    /// [query](Self::query) does.
    ///
    /// # Errors
    ///
    /// If there is no task id. [`SubmitError::acceptance`] says whether a task can exist all the same;
    /// what was not surely refused must not be sent again blindly.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(client: seedance_query::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use seedance_query::{Acceptance, Submission};
    ///
    /// let submission = Submission::from_json(std::fs::read("request.json")?)?;
    /// match client.submit(&submission).await {
    ///     Ok(submitted) => println!("{}", submitted.task_id()),
    ///     Err(error) if error.acceptance() == Acceptance::No => println!("try again: {error}"),
    ///     Err(error) => return Err(error.into()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn submit(&self, submission: &Submission) -> Result<Submitted, SubmitError> {
        let timeout = submission.timeout();
        let timeout = timeout.unwrap_or_else(|| self.timeout().max(MIN_TIMEOUT));
        let (path, body) = (SUBMIT_TASK.path(), submission.body().clone());
        match self.post(path, body, timeout).await {
            Ok(answer) => read(answer),
            Err(cause) => {
                let acceptance = if cause.was_sent() {
                    Acceptance::Unknown
                } else {
                    Acceptance::No
                };
                Err(SubmitError::new(acceptance, cause))
            }
        }
    }
}

/// Reads the answer to a submission.
fn read(answer: Answer) -> Result<Submitted, SubmitError> {
    let Answer { exchange, broken } = answer;
    let status = exchange.status;
    let parsed = parse(&exchange.body).ok().map(|parsed| parsed.value);
    let is_error = parsed.as_ref().is_some_and(is_error);
    let reason = parsed.as_ref().map(Reason::of).unwrap_or_default();
    let task_id = parsed.as_ref().and_then(TaskId::in_json);
    let report = SUBMIT_TASK
        .validate(status.as_u16(), &exchange.body)
        .redacted(&exchange.redactor());
    match task_id {
        Some(task_id) if status.is_success() && !is_error => Ok(Submitted {
            task_id,
            request_id: exchange.request_id(),
            report,
            exchange,
        }),
        task_id => {
            let is_refused = reason
                .code
                .as_deref()
                .is_some_and(|code| SUBMIT_TASK.begins_nothing(code));
            let mut acceptance =
                Acceptance::of_answer(status, parsed.is_some(), is_error, is_refused);
            if broken.is_some() && status.is_success() {
                acceptance = Acceptance::Yes;
            }
            let cause = match broken {
                Some(cause) => Error::interrupted(cause, exchange),
                None if exchange.is_cut_off => Error::too_large(exchange),
                None if is_error || !status.is_success() => Error::api(exchange, report, reason),
                None => Error::without_id(exchange, report),
            };
            Err(SubmitError::new(acceptance, cause).with_task_id(task_id))
        }
    }
}

/// Whether a body is one of an error, in either envelope.
fn is_error(body: &Value) -> bool {
    let reason = Reason::of(body);
    body.get(name::ERROR).is_some_and(|error| !error.is_null())
        || (reason.code.is_some() && reason.message.is_some())
}
