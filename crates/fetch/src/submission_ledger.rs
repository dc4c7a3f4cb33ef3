//! Submissions that a ledger knows of before they are sent.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use seedance_query::{
    client::Client,
    download::{Downloaded, create_directories},
    model::{TaskId, name},
    redact,
    reqwest::Url,
    submit::{Acceptance, Submission, SubmitError, Submitted},
};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::{
    blocking::blocking,
    error::FetchError,
    ledger::{Database, NewSubmission, SubmissionEnd},
    submission_record::{SubmissionRecord, SubmissionState},
    video_kind::VideoKind,
};

/// How many bytes of the SHA-256 of a request are kept.
const DIGEST_BYTES: usize = 8;
/// Maximum length of a text from elsewhere that is kept, in characters.
const MAX_TEXT: usize = 500;

/// The submissions of a directory's ledger, which a [`Fetch`](super::Fetch) into the same directory
/// continues with.
///
/// A submission is written to the ledger before it is sent. So a crash leaves a trace: whatever
/// happens, the ledger tells which requests were perhaps submitted, and the same request is not
/// submitted again before that is settled. Any number of processes can use a ledger at a time, also
/// while a batch runs.
///
/// # Examples
///
/// ```no_run
/// # async fn run(client: seedance_query::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use seedance_fetch::SubmissionLedger;
/// use seedance_query::Submission;
///
/// let ledger = SubmissionLedger::open("videos")?;
/// let submission = Submission::from_json(std::fs::read("request.json")?)?;
/// let recorded = ledger.submit(&client, &submission).await?;
/// match recorded.outcome {
///     Ok(submitted) => println!("{}", submitted.task_id()),
///     Err(error) => println!("submission {}: {error}", recorded.number),
/// }
/// for record in ledger.submissions()?.iter().filter(|record| record.is_unsettled()) {
///     println!("submission {} was perhaps submitted", record.number);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct SubmissionLedger {
    directory: PathBuf,
    ledger: Arc<Mutex<Database>>,
}

/// A submission that was sent, and what became of it.
#[derive(Debug)]
#[non_exhaustive]
pub struct RecordedSubmission {
    /// Its number in the ledger.
    pub number: u64,
    /// The task, or why there is none.
    pub outcome: Result<Submitted, SubmitError>,
    /// Whether the outcome could be written to the ledger; if not, the ledger calls it perhaps
    /// submitted.
    pub recorded: Result<(), FetchError>,
}

impl SubmissionLedger {
    /// Opens the ledger of a directory; both are created if they are missing.
    ///
    /// # Errors
    ///
    /// If the directory or its ledger cannot be used.
    pub fn open(directory: impl Into<PathBuf>) -> Result<Self, FetchError> {
        let directory = directory.into();
        create_directories(&directory).map_err(|cause| {
            FetchError::io(format!("cannot create {}", directory.display()), cause)
        })?;
        Self::open_in(directory)
    }

    /// Opens the ledger of a directory that has one.
    ///
    /// # Errors
    ///
    /// As for [`open`](Self::open), and if there is none.
    pub fn open_existing(directory: impl Into<PathBuf>) -> Result<Self, FetchError> {
        let directory = directory.into();
        if !Database::is_in(&directory) {
            let message = format!("{} has no ledger", directory.display());
            return Err(FetchError::input(message));
        }
        Self::open_in(directory)
    }

    fn open_in(directory: PathBuf) -> Result<Self, FetchError> {
        let ledger = Arc::new(Mutex::new(Database::open(&directory)?));
        Ok(Self { directory, ledger })
    }

    /// The directory.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Notes a submission in the ledger, [submits](Client::submit) it, once, and notes what became of
    /// it. If the future is dropped, the ledger calls it perhaps submitted.
    ///
    /// # Errors
    ///
    /// If it was not sent: the ledger cannot be written, or the same request was perhaps submitted
    /// before ([`FetchError::is_perhaps_submitted`]). What the gateway refuses is part of the
    /// [`outcome`](RecordedSubmission::outcome).
    pub async fn submit(
        &self,
        client: &Client,
        submission: &Submission,
    ) -> Result<RecordedSubmission, FetchError> {
        self.send(client, submission, false).await
    }

    /// The same, also if the same request was perhaps submitted before: that can be a second task,
    /// which is billed as well.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be written; then it was not sent.
    pub async fn submit_again(
        &self,
        client: &Client,
        submission: &Submission,
    ) -> Result<RecordedSubmission, FetchError> {
        self.send(client, submission, true).await
    }

    async fn send(
        &self,
        client: &Client,
        submission: &Submission,
        again: bool,
    ) -> Result<RecordedSubmission, FetchError> {
        let new = described(client, submission);
        let begun = self
            .with(move |ledger| ledger.begin_submission(&new, again))
            .await?;
        let (number, lock) = begun.map_err(|earlier| {
            FetchError::perhaps_submitted(format!(
                "the same request was perhaps submitted before, as submission {}, and was not sent: \
                 settle that one first",
                earlier.number
            ))
        })?;
        let outcome = client.submit(submission).await;
        let end = end(&outcome);
        let recorded = self
            .with(move |ledger| ledger.end_submission(number, &end).map(drop))
            .await;
        drop(lock);
        Ok(RecordedSubmission {
            number,
            outcome,
            recorded,
        })
    }

    /// All submissions, the earliest first.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be read.
    pub fn submissions(&self) -> Result<Vec<SubmissionRecord>, FetchError> {
        self.lock().submissions()
    }

    /// Settles a submission by hand: it began this task, with which a batch continues, or none at all.
    ///
    /// # Errors
    ///
    /// If there is no such submission, or it has another task, or the ledger cannot be written.
    pub fn settle(&self, number: u64, task_id: Option<TaskId>) -> Result<(), FetchError> {
        let mut ledger = self.lock();
        let submissions = ledger.submissions()?;
        let found = submissions.iter().find(|record| record.number == number);
        let refused = match found {
            None => "there is none of that number".to_owned(),
            Some(record) if record.state == SubmissionState::Sending => {
                "it is being sent".to_owned()
            }
            Some(record) if record.is_unsettled() => {
                let end = SubmissionEnd {
                    state: match task_id {
                        Some(_) => SubmissionState::Accepted,
                        None => SubmissionState::NotAccepted,
                    },
                    problem: Some("settled by hand".to_owned()),
                    request_id: None,
                    task_id,
                };
                return ledger.end_submission(number, &end).map(drop);
            }
            Some(record) => match &record.task_id {
                Some(known) if Some(known) == task_id.as_ref() => return Ok(()),
                Some(known) => format!("it began the task {known}"),
                None if task_id.is_none() => return Ok(()),
                None => "it surely began no task".to_owned(),
            },
        };
        let message = format!("cannot settle submission {number}: {refused}");
        Err(FetchError::input(message))
    }

    /// Notes a video that was downloaded into the directory beside a batch, so that the next batch
    /// need not ask for it.
    ///
    /// # Errors
    ///
    /// If the ledger cannot be written.
    #[doc(hidden)]
    pub fn arrived(&self, task_id: &TaskId, video: &Downloaded) -> Result<(), FetchError> {
        let file = video.path.file_name().and_then(|name| name.to_str());
        let found = (file.unwrap_or_default(), video.bytes, &*video.sha256);
        let verification = video.verification.to_string();
        self.lock()
            .arrived(task_id, VideoKind::Result, found, &verification)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Database> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads or writes the ledger off the asynchronous threads.
    async fn with<R: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Database) -> Result<R, FetchError> + Send + 'static,
    ) -> Result<R, FetchError> {
        let ledger = self.clone();
        blocking(move || work(&mut ledger.lock())).await
    }
}

/// What tells a submission from others, without anything that could be secret.
fn described(client: &Client, submission: &Submission) -> NewSubmission {
    #[derive(Deserialize)]
    struct Request(serde_json::Map<String, serde_json::Value>);
    let body = submission.body();
    let model = serde_json::from_slice::<Request>(body).ok();
    let model = model.and_then(|request| Some(request.0.get(name::MODEL)?.as_str()?.to_owned()));
    let digest = Sha256::digest(body);
    let gateway = Url::parse(client.base_url()).ok();
    NewSubmission {
        digest: seedance_query::model::hash::hex(&digest[..DIGEST_BYTES]),
        model: model.map(|model| kept(&model)),
        gateway: gateway.map(|url| url.origin().ascii_serialization()),
    }
}

fn end(outcome: &Result<Submitted, SubmitError>) -> SubmissionEnd {
    match outcome {
        Ok(submitted) => SubmissionEnd {
            state: SubmissionState::Accepted,
            task_id: Some(submitted.task_id().clone()),
            request_id: submitted.request_id().map(kept),
            problem: None,
        },
        Err(error) => SubmissionEnd {
            state: match error.acceptance() {
                Acceptance::No => SubmissionState::NotAccepted,
                Acceptance::Yes => SubmissionState::Accepted,
                _ => SubmissionState::PerhapsSubmitted,
            },
            task_id: error.task_id().cloned(),
            request_id: error.request_id().map(kept),
            problem: Some(kept(&error.cause().to_string())),
        },
    }
}

/// A text from elsewhere, redacted and not longer than can be read.
fn kept(text: &str) -> String {
    redact::text(text).chars().take(MAX_TEXT).collect()
}
