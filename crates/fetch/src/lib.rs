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
mod new_video;
#[cfg(not(feature = "postgres"))]
mod no_postgres;
#[cfg(not(feature = "object-store"))]
#[expect(clippy::unused_async, reason = "its methods are those of a store")]
mod no_store;
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
#[cfg(feature = "object-store")]
mod store;
mod store_url;
mod submission_ledger;
mod submission_record;
mod summary;
mod transitions;
mod verify;
mod verify_store;
mod video_kind;
mod video_store;

#[cfg(feature = "postgres")]
#[doc(hidden)]
pub use self::postgres::{PostgresAddress, PostgresLedger};
#[cfg(feature = "object-store")]
#[doc(hidden)]
pub use self::store::{Store, StoreError};
pub use self::{
    batch::Fetch,
    error::FetchError,
    event::{FetchEvent, ObservedTask},
    fleet::Fleet,
    fleet_status::FleetStatus,
    run_summary::status,
    shared_ledger::fleet_status,
    store_url::StoreUrl,
    submission_ledger::{RecordedSubmission, SubmissionLedger},
    submission_record::{SubmissionRecord, SubmissionState},
    summary::{FetchState, FetchSummary, FetchedFile, FetchedTask},
    verify::{FileState, VerifiedFile, verify},
    verify_store::verify_in_store,
    video_kind::VideoKind,
};
#[doc(hidden)]
pub use self::{
    download_events::with_events,
    ledger::{
        Backlog, Beginning, Claim, Claimed, Claims, DirectoryLedger, Ledger, LedgerRows, Placing,
        TaskRow, TaskState, VideoRow, VideoState,
    },
    new_video::{NewVideo, VideoOrigin},
};
