//! What every report format implements.

use std::io;

use super::{summary::Summary, unreadable::Unreadable, validated_response::ValidatedResponse};

/// Writes a report in some format.
///
/// The calls come in the order of the inputs, [`end`](Self::end) last.
pub trait Output {
    /// Whether responses without findings are wanted as well.
    fn wants_all(&self) -> bool {
        false
    }

    /// Whether responses without findings are wanted if each is an input of its own.
    fn wants_whole(&self) -> bool {
        self.wants_all()
    }

    /// A response with findings, or any response if all are wanted.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    fn response(&mut self, response: &ValidatedResponse) -> io::Result<()>;

    /// Findings of a response that was reported before: they only show once all inputs are read, because
    /// these were not in the order of the polls. These calls come last.
    ///
    /// # Errors
    ///
    /// If they cannot be written.
    fn across(&mut self, response: &ValidatedResponse) -> io::Result<()> {
        self.response(response)
    }

    /// An item that could not be read.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    fn unreadable(&mut self, unreadable: &Unreadable) -> io::Result<()>;

    /// Nothing follows for a while: what was written so far should be readable.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// The end of the report; no call follows.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    fn end(&mut self, summary: &Summary) -> io::Result<()>;
}
