//! Why an item is skipped.

/// Why an item is not validated, although it can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Skip {
    /// It belongs to another operation.
    OtherOperation,
    /// The request was aborted: there is no response.
    Aborted,
    /// Its status has no body.
    NoBody,
    /// Its body is a video, an image or other binary data.
    BinaryBody,
    /// It is text or JSON, but not a response.
    NotAResponse,
    /// There is nothing in the column with the bodies.
    NoValue,
    /// A file in a directory whose extension is not that of a recording.
    OtherFile,
    /// A hidden file or directory.
    Hidden,
    /// A directory of packages.
    Packages,
    /// A file or directory that `.gitignore` names.
    GitIgnored,
    /// A file that a recording in the same archive refers to.
    Attachment,
    /// A line that was not complete when the input was stopped.
    BeingWritten,
    /// A pipe, socket, device or linked directory in a directory.
    NotRegular,
}

impl Skip {
    /// All reasons.
    pub const ALL: [Self; 13] = [
        Self::OtherOperation,
        Self::Aborted,
        Self::NoBody,
        Self::BinaryBody,
        Self::NotAResponse,
        Self::NoValue,
        Self::OtherFile,
        Self::Hidden,
        Self::Packages,
        Self::GitIgnored,
        Self::Attachment,
        Self::BeingWritten,
        Self::NotRegular,
    ];

    /// The reason as a name for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::OtherOperation => "other_operation",
            Self::BinaryBody => "binary_body",
            Self::NoBody => "no_body",
            Self::Aborted => "aborted",
            _ => "not_a_response",
        }
    }

    /// The reason in a few words.
    pub fn reason(self) -> &'static str {
        match self {
            Self::OtherOperation => "other operation",
            Self::Aborted => "aborted request",
            Self::NoBody => "status without a body",
            Self::BinaryBody => "binary body",
            Self::NotAResponse => "not a response",
            Self::NoValue => "no value in the column",
            Self::OtherFile => "file of another type",
            Self::Hidden => "hidden",
            Self::Packages => "node_modules",
            Self::GitIgnored => "named by .gitignore",
            Self::Attachment => "attachment of a recording",
            Self::BeingWritten => "line still being written",
            Self::NotRegular => "not a regular file",
        }
    }
}
