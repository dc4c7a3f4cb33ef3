//! Downloading a finished video, into a file, a stream or a writer.
//!
//! [`Client::download`](crate::client::Client::download) prepares a [`Download`].

mod arrival;
mod attempt;
mod attempt_error;
mod body;
mod checksum;
mod conclusion;
mod container;
mod content_encoding;
mod content_range;
mod cut;
mod disk;
#[expect(clippy::module_inception, reason = "it holds the type of that name")]
mod download;
mod error;
mod error_page;
mod error_predicates;
#[cfg(test)]
mod fault_tests;
mod file_lock;
mod inspection;
mod kept;
mod leftovers;
mod mp4;
#[cfg(test)]
mod mp4_tests;
mod mp4_verdict;
mod options;
mod outcome;
mod pace;
mod pacing;
mod partial_content;
mod partial_file;
mod receive;
mod refusal;
mod request;
mod resume_state;
mod routes;
mod run;
#[cfg(test)]
mod simulated_disk;
mod size;
mod storage;
mod stream;
mod trace;
mod transfer;
mod validator;
mod verify;
mod whole_file;
mod writer;

#[doc(hidden)]
pub use self::{
    disk::create_directories,
    download::{capture_name, video_name},
    file_lock::open_regular,
    leftovers::remove_unfinished,
    outcome::StagedVideo,
    partial_file::resumable,
    verify::{Mismatch, VideoFile, VideoInspection, inspect, inspect_parts, verify},
};
pub use self::{
    download::Download,
    error::DownloadError,
    outcome::{DownloadProgress, DownloadWait, Downloaded, Streamed, Verification},
    stream::VideoStream,
};
