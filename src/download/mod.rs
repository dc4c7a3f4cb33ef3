//! Downloading a finished video, into a file, a stream or a writer.
//!
//! [`Client::download`](crate::client::Client::download) prepares a [`Download`].

mod attempt;
mod attempt_error;
mod body;
mod checksum;
mod conclusion;
mod container;
mod content_encoding;
mod cut;
mod disk;
#[expect(clippy::module_inception, reason = "it holds the type of that name")]
mod download;
mod error;
mod error_page;
#[cfg(test)]
mod fault_tests;
mod file_lock;
mod inspection;
mod mp4;
#[cfg(test)]
mod mp4_tests;
mod options;
mod outcome;
mod pace;
mod partial_file;
mod range;
mod refusal;
mod request;
mod resume_state;
mod routes;
mod run;
mod storage;
mod stream;
mod transfer;
mod validator;
mod verify;
mod writer;

pub use self::{
    download::Download,
    error::DownloadError,
    outcome::{DownloadProgress, DownloadWait, Downloaded, Streamed, Verification},
    stream::VideoStream,
};
#[doc(hidden)]
pub use self::{
    download::{capture_name, video_name},
    outcome::StagedVideo,
    verify::{Mismatch, VideoFile, inspect, verify},
};
