//! An answer in a file: a capture, or a body alone.

use seedance_query::{capture::Capture, validate::ParsedBody};

/// An answer, as far as it was recorded.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub status: Option<u16>,
    pub body: Vec<u8>,
}

impl Recorded {
    /// Any bytes are an answer.
    #[must_use]
    pub fn of(file: &[u8]) -> Self {
        let capture = Capture::is_like(file).then(|| Capture::parse(file));
        match capture {
            Some(Ok(capture)) => Self {
                status: Some(capture.status.as_u16()),
                body: capture.body,
            },
            _ => Self {
                status: None,
                body: file.to_vec(),
            },
        }
    }

    /// The same with another body.
    #[must_use]
    pub fn with_body(&self, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status: self.status,
            body: body.into(),
        }
    }

    #[must_use]
    pub fn parsed(&self) -> ParsedBody<'_> {
        ParsedBody::new(self.status, &self.body)
    }

    /// Whether it is the answer to a query that succeeded.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.status
            .is_none_or(|status| (200..300).contains(&status))
    }

    /// The body as text, for the message of a broken law.
    #[must_use]
    pub fn text(&self) -> String {
        let text = String::from_utf8_lossy(&self.body);
        format!("status {:?}\n{text}", self.status)
    }
}
