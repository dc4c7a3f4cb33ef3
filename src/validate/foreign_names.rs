//! What other APIs call members that are read all the same: names of theirs, which stay as they are
//! when the document renames a member of its own.

/// The members that hold the message of an error: the documented one comes before them.
pub(super) const MESSAGES: [&str; 5] = ["msg", "codeMsg", "error", "detail", "title"];

/// Where other answers have the URL of a video, by the names that lead to it.
pub(super) const VIDEO_PLACES: [&[&str]; 7] = [
    &["url"],
    &["video_url"],
    &["metadata", "url"],
    &["content"],
    &["output"],
    &["video"],
    &["result"],
];

/// The list of files in the short form of a sister operation, and the object of files in the
/// upstream's own.
pub(super) const FILES: &str = "content";

/// What an object in the style of OpenAI's API says that it is.
pub(super) const KIND: &str = "object";

/// When a video object was completed.
pub(super) const COMPLETED_AT: &str = "completed_at";
