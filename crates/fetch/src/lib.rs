//! Batches: from task ids to verified videos in a directory, resumable at any point.

mod batch;
mod directory_lock;
mod error;
mod event;
mod ledger;
mod options;
mod queue;
mod run;
mod run_summary;
mod summary;
mod transitions;
mod verify;
mod video_kind;

pub use self::{
    batch::Fetch,
    error::FetchError,
    event::FetchEvent,
    summary::{FetchState, FetchSummary, FetchedFile, FetchedTask},
    verify::{FileState, VerifiedFile, verify},
    video_kind::VideoKind,
};
