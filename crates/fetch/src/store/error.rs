//! Why an object could not be written or read.

use std::fmt;

use seedance_query::redact;

use super::failure::Failure;

/// A failure of the store, in words: what, where, and what to do.
#[derive(Clone, Debug)]
pub struct StoreError {
    message: String,
    is_passing: bool,
}

impl StoreError {
    pub(super) fn new(message: String) -> Self {
        Self {
            message,
            is_passing: false,
        }
    }

    pub(super) fn failed(what: &str, place: &dyn fmt::Display, failure: &Failure) -> Self {
        let message = format!("{place} cannot {what}: {failure}");
        Self {
            message: redact::text(&message).into_owned(),
            is_passing: failure.is_passing(),
        }
    }

    /// There is something else under the name.
    pub(super) fn occupied(place: &str) -> Self {
        Self::new(format!(
            "{place} is there already with other content, and is left as it is: move it away and \
             run again"
        ))
    }

    /// The same can succeed if it is tried again.
    pub(super) fn is_passing(&self) -> bool {
        self.is_passing
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
