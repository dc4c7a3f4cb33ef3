//! Why a text cannot be read as a capture.

use std::fmt;

/// What makes a text no capture, and in which line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaptureError {
    line: usize,
    message: String,
}

impl CaptureError {
    pub(super) fn new(line: usize, message: impl Into<String>) -> Self {
        Self {
            line,
            message: message.into(),
        }
    }
}

impl fmt::Display for CaptureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for CaptureError {}
