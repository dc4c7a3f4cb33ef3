//! The submissions of a ledger, read and written.

use std::path::Path;

use rusqlite::{Connection, Row, Transaction, TransactionBehavior, named_params};

use seedance_query::model::TaskId;

use super::{
    database::Database,
    store::{add, now},
};
use crate::{
    error::FetchError,
    sending_lock::SendingLock,
    submission_record::{SubmissionRecord, SubmissionState},
};

/// A submission that is about to be sent.
#[derive(Clone, Debug)]
pub(crate) struct NewSubmission {
    pub digest: String,
    pub model: Option<String>,
    pub gateway: Option<String>,
}

/// What became of a submission.
#[derive(Clone, Debug)]
pub(crate) struct SubmissionEnd {
    pub state: SubmissionState,
    pub task_id: Option<TaskId>,
    pub request_id: Option<String>,
    pub problem: Option<String>,
}

const SENDER_IS_GONE: &str = "it was about to be sent, or sent, when the program ended";

/// A transaction under which only one process at a time looks at the lock, and whether a submission
/// is being sent.
fn exclusive<'a>(
    connection: &'a mut Connection,
    directory: &Path,
) -> rusqlite::Result<(Transaction<'a>, bool)> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    Ok((transaction, SendingLock::is_held(directory)))
}

impl Database {
    /// Notes a submission before it is sent, and takes the lock under which it is.
    ///
    /// Unless it is to be sent `again`, it is refused if the same request was perhaps submitted.
    pub fn begin_submission(
        &mut self,
        new: &NewSubmission,
        again: bool,
    ) -> Result<Result<(u64, SendingLock), SubmissionRecord>, FetchError> {
        let directory = self.directory().to_owned();
        let outcome = (|| {
            let (transaction, is_sending) = exclusive(&mut self.connection, &directory)?;
            if !again {
                let mut statement = transaction.prepare(
                    "SELECT * FROM submission WHERE digest = :digest ORDER BY number DESC",
                )?;
                let rows = statement.query_map(named_params! {":digest": new.digest}, |row| {
                    record(row, is_sending)
                })?;
                let records = rows.collect::<rusqlite::Result<Vec<_>>>()?;
                if let Some(earlier) = records.into_iter().find(SubmissionRecord::is_unsettled) {
                    return Ok(Ok(Err(earlier)));
                }
            }
            let lock = match SendingLock::hold(&directory) {
                Ok(lock) => lock,
                Err(error) => return Ok(Err(error)),
            };
            transaction.execute(
                "INSERT INTO submission (state, digest, model, gateway, began_at, changed_at)
                 VALUES ('sending', :digest, :model, :gateway, :now, :now)",
                named_params! {
                    ":digest": new.digest,
                    ":model": new.model,
                    ":gateway": new.gateway,
                    ":now": now(),
                },
            )?;
            let number = unsigned(transaction.last_insert_rowid());
            transaction.commit()?;
            Ok(Ok(Ok((number, lock))))
        })();
        self.written(outcome)?
    }

    /// Notes what became of a submission; a task is one that a batch continues with. Returns whether
    /// there is a submission of this number.
    pub fn end_submission(&mut self, number: u64, end: &SubmissionEnd) -> Result<bool, FetchError> {
        let outcome = (|| {
            let transaction = self.connection.transaction()?;
            let changed = transaction.execute(
                "UPDATE submission SET state = :state, task_id = :id,
                 request_id = coalesce(:request_id, request_id), problem = :problem,
                 changed_at = :now WHERE number = :number",
                named_params! {
                    ":state": stored(end.state),
                    ":id": end.task_id.as_ref().map(TaskId::as_str),
                    ":request_id": end.request_id,
                    ":problem": end.problem,
                    ":now": now(),
                    ":number": i64::try_from(number).unwrap_or(i64::MAX),
                },
            )?;
            if let (1, SubmissionState::Accepted, Some(id)) = (changed, end.state, &end.task_id) {
                add(&transaction, std::slice::from_ref(id))?;
            }
            transaction.commit()?;
            Ok(changed > 0)
        })();
        self.written(outcome)
    }

    /// All submissions, the earliest first.
    pub fn submissions(&mut self) -> Result<Vec<SubmissionRecord>, FetchError> {
        let directory = self.directory().to_owned();
        let outcome = (|| {
            let (transaction, is_sending) = exclusive(&mut self.connection, &directory)?;
            let mut statement = transaction.prepare("SELECT * FROM submission ORDER BY number")?;
            let rows = statement.query_map([], |row| record(row, is_sending))?;
            rows.collect()
        })();
        self.read(outcome)
    }
}

/// A row as it is now: what nobody sends any more was perhaps submitted.
fn record(row: &Row<'_>, is_sending: bool) -> rusqlite::Result<SubmissionRecord> {
    let stored: String = row.get("state")?;
    let state = match stored.as_str() {
        "accepted" => SubmissionState::Accepted,
        "not_accepted" => SubmissionState::NotAccepted,
        "sending" if is_sending => SubmissionState::Sending,
        _ => SubmissionState::PerhapsSubmitted,
    };
    let mut problem: Option<String> = row.get("problem")?;
    if stored == "sending" && state == SubmissionState::PerhapsSubmitted {
        problem = Some(SENDER_IS_GONE.to_owned());
    }
    let task_id: Option<String> = row.get("task_id")?;
    Ok(SubmissionRecord {
        number: unsigned(row.get("number")?),
        state,
        digest: row.get("digest")?,
        model: row.get("model")?,
        gateway: row.get("gateway")?,
        began_at: unsigned(row.get("began_at")?),
        task_id: task_id.and_then(|id| id.parse().ok()),
        request_id: row.get("request_id")?,
        problem,
    })
}

fn stored(state: SubmissionState) -> &'static str {
    match state {
        SubmissionState::Sending => "sending",
        SubmissionState::NotAccepted => "not_accepted",
        SubmissionState::Accepted => "accepted",
        SubmissionState::PerhapsSubmitted => "unknown",
    }
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}
