//! Batches: from submissions and task ids to verified videos in a directory, resumable at any point.

mod arrivals;
mod batch;
mod blocking;
mod directory_lock;
mod download_events;
mod downloads;
mod error;
mod event;
mod fleet;
mod fleet_status;
mod held;
mod ledger;
#[cfg(not(feature = "postgres"))]
mod no_postgres;
mod open;
mod options;
#[cfg(feature = "postgres")]
mod postgres;
mod queue;
mod resume;
mod run;
mod run_summary;
mod sending_lock;
mod shared_ledger;
mod submission_ledger;
mod submission_record;
mod summary;
mod transitions;
mod verify;
mod video_kind;

#[cfg(feature = "postgres")]
#[doc(hidden)]
pub use self::postgres::{PostgresAddress, PostgresLedger};
pub use self::{
    batch::Fetch,
    error::FetchError,
    event::{FetchEvent, ObservedTask},
    fleet::Fleet,
    fleet_status::FleetStatus,
    run_summary::status,
    shared_ledger::fleet_status,
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
