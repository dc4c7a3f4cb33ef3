//! A member of an archive.

use std::io::Read;

use super::attachments::Attachments;
use crate::input::skip::Skip;

/// A file in an archive.
pub(in crate::input) struct Member<'a> {
    pub name: String,
    pub content: Box<dyn Read + Send + 'a>,
    /// What the member can refer to.
    pub attachments: Attachments,
}

/// What stands next in an archive.
pub(in crate::input) enum Next<'a> {
    Member(Member<'a>),
    /// A member that is hidden, or in a directory that is never read.
    Skipped(Skip),
    /// A member that cannot be read, with its name; empty for the rest of the archive.
    Broken(String, String),
}

/// Whether a member is passed over because of its name, as in a directory.
pub(super) fn is_hidden(name: &str) -> bool {
    name.split('/').any(|part| {
        (part.starts_with('.') && part != "." && part != "..")
            || matches!(part, "node_modules" | "__MACOSX")
    })
}
