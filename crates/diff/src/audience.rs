//! Whom a change breaks.

use std::fmt;

use serde::Serialize;

/// Whom a change can break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Audience {
    /// Clients that were built from the old document and read what the new one allows.
    Readers,
    /// Whoever sends or checks bodies as the old document has them, against the new one: mocks,
    /// recorded tests, validators; for a request, every client.
    Senders,
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Readers => "readers",
            Self::Senders => "senders and validators",
        })
    }
}

/// Whose words a body is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// What the gateway answers.
    #[default]
    Response,
    /// What a client sends.
    Request,
}

/// What a change of the document does to the bodies that its contract accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Neither includes the other.
    Replaces,
    /// More is allowed, or less is promised.
    Widens,
    /// Less is allowed.
    Narrows,
    /// A part is new, and nothing is taken away.
    Adds,
    /// The contract accepts the same.
    Documents,
}

impl Effect {
    /// Whom it breaks, in what a side sends.
    pub(super) fn breaks(self, side: Side) -> &'static [Audience] {
        match (self, side) {
            (Self::Replaces, Side::Response) => &[Audience::Readers, Audience::Senders],
            (Self::Widens, Side::Response) => &[Audience::Readers],
            (Self::Narrows, _) | (Self::Replaces, Side::Request) => &[Audience::Senders],
            (Self::Widens, Side::Request) | (Self::Adds | Self::Documents, _) => &[],
        }
    }
}
