//! Why a batch cannot go on.

use std::{error::Error as StdError, fmt, io};

use seedance_query::model::TaskId;

/// A failure of the directory or its ledger, not of a task: those are part of the summary.
pub struct FetchError {
    kind: FetchErrorKind,
    message: String,
    cause: Option<Box<dyn StdError + Send + Sync>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FetchErrorKind {
    Input,
    Busy,
    PerhapsSubmitted,
    TakenOver,
    Io,
    Store,
    Ledger,
}

impl FetchError {
    pub(super) fn input(message: String) -> Self {
        Self {
            kind: FetchErrorKind::Input,
            message,
            cause: None,
        }
    }

    pub(super) fn busy(message: String) -> Self {
        Self {
            kind: FetchErrorKind::Busy,
            message,
            cause: None,
        }
    }

    pub(super) fn perhaps_submitted(message: String) -> Self {
        Self {
            kind: FetchErrorKind::PerhapsSubmitted,
            message,
            cause: None,
        }
    }

    #[doc(hidden)]
    #[must_use]
    pub fn taken_over(id: &TaskId) -> Self {
        Self {
            kind: FetchErrorKind::TakenOver,
            message: format!("another worker has taken {id} over"),
            cause: None,
        }
    }

    pub(super) fn io(message: String, cause: io::Error) -> Self {
        Self {
            kind: FetchErrorKind::Io,
            message,
            cause: Some(Box::new(cause)),
        }
    }

    #[cfg(feature = "object-store")]
    pub(super) fn store(message: String) -> Self {
        Self {
            kind: FetchErrorKind::Store,
            message,
            cause: None,
        }
    }

    pub(super) fn ledger<E: StdError + Send + Sync + 'static>(
        message: String,
        cause: Option<E>,
    ) -> Self {
        Self {
            kind: FetchErrorKind::Ledger,
            message,
            cause: cause.map(|cause| Box::new(cause) as _),
        }
    }

    /// There is nothing to do: no task was given, and the directory has no ledger.
    #[must_use]
    pub fn is_input(&self) -> bool {
        self.kind == FetchErrorKind::Input
    }

    /// Another run holds the directory.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.kind == FetchErrorKind::Busy
    }

    /// The same request was perhaps submitted before.
    #[must_use]
    pub fn is_perhaps_submitted(&self) -> bool {
        self.kind == FetchErrorKind::PerhapsSubmitted
    }

    /// Another worker has taken the task over, because the lease of this one had ended.
    #[must_use]
    pub fn is_taken_over(&self) -> bool {
        self.kind == FetchErrorKind::TakenOver
    }

    /// The directory cannot be used.
    #[must_use]
    pub fn is_io(&self) -> bool {
        self.kind == FetchErrorKind::Io
    }

    /// The object store cannot be used: it cannot be reached, has no such bucket, or refuses the
    /// credentials.
    #[must_use]
    pub fn is_store(&self) -> bool {
        self.kind == FetchErrorKind::Store
    }

    /// The ledger cannot be read or written: it is broken, of a later version, or the disk is full.
    #[must_use]
    pub fn is_ledger(&self) -> bool {
        self.kind == FetchErrorKind::Ledger
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Debug for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FetchError")
            .field("kind", &self.kind)
            .field("message", &self.message)
            .field("cause", &self.cause)
            .finish()
    }
}

impl StdError for FetchError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.cause.as_ref().map(|cause| &**cause as _)
    }
}
