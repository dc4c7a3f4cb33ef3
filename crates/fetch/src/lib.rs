//! Batches: from submissions and task ids to verified videos in a directory, resumable at any point.

mod arrivals;
mod batch;
mod blocking;
mod directory_lock;
mod download_events;
mod downloads;
mod error;
mod event;
mod held;
mod ledger;
mod open;
mod options;
mod queue;
mod resume;
mod run;
mod run_summary;
mod sending_lock;
mod submission_ledger;
mod submission_record;
mod summary;
mod transitions;
mod verify;
mod video_kind;

pub use self::{
    batch::Fetch,
    error::FetchError,
    event::{FetchEvent, ObservedTask},
    run_summary::status,
    submission_ledger::{RecordedSubmission, SubmissionLedger},
    submission_record::{SubmissionRecord, SubmissionState},
    summary::{FetchState, FetchSummary, FetchedFile, FetchedTask},
    verify::{FileState, VerifiedFile, verify},
    video_kind::VideoKind,
};
#[doc(hidden)]
pub use self::{
    download_events::with_events,
    ledger::{
        Backlog, Beginning, Claim, Claimed, Claims, DirectoryLedger, Ledger, LedgerRows, Placing,
        TaskRow, TaskState, VideoRow, VideoState,
    },
};
