//! A video that is about to be stored, with what its object says of it.

use std::path::PathBuf;

use seedance_query::model::TaskId;

/// A verified video on disk, and the metadata of its object.
#[derive(Clone, Debug)]
pub struct NewVideo {
    /// The file.
    pub file: PathBuf,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256 in hexadecimal digits.
    pub sha256: String,
    /// The task.
    pub task_id: TaskId,
    /// What is known of how it was made.
    pub origin: VideoOrigin,
}

/// How a video was made, as far as the answer tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VideoOrigin {
    /// The model.
    pub model: Option<String>,
    /// The tokens that are billed.
    pub billed_tokens: Option<i64>,
}
