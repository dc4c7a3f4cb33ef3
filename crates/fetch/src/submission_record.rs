//! What a ledger knows of a submission.

use seedance_query::model::TaskId;
use serde::Serialize;

/// A submission in a ledger.
///
/// It has neither the request nor anything of it that could be secret: what tells one submission from
/// another is its model, its time and a digest of the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SubmissionRecord {
    /// Its number in the ledger, counted from 1.
    pub number: u64,
    /// What is known of it.
    pub state: SubmissionState,
    /// The first 16 hexadecimal digits of the SHA-256 of the request: the same request has the same.
    pub digest: String,
    /// The model.
    pub model: Option<String>,
    /// The scheme, host and port of the gateway.
    pub gateway: Option<String>,
    /// When it was noted, just before it was sent, in Unix seconds.
    pub began_at: u64,
    /// The task, if it is known.
    pub task_id: Option<TaskId>,
    /// The gateway's id of the request (`X-Oneapi-Request-Id`): the only link from the task to its
    /// charge in the gateway's log.
    pub request_id: Option<String>,
    /// Why there is no task, or why nothing is known of one.
    pub problem: Option<String>,
}

/// What is known of a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SubmissionState {
    /// It is being sent.
    Sending,
    /// It surely began no task.
    NotAccepted,
    /// It surely began a task, which is billed.
    Accepted,
    /// It was noted, and perhaps sent: a task can exist and be billed.
    PerhapsSubmitted,
}

impl SubmissionRecord {
    /// Whether somebody has to find out which task it began, if it began one.
    #[must_use]
    pub fn is_unsettled(&self) -> bool {
        match self.state {
            SubmissionState::PerhapsSubmitted => true,
            SubmissionState::Accepted => self.task_id.is_none(),
            SubmissionState::Sending | SubmissionState::NotAccepted => false,
        }
    }
}
