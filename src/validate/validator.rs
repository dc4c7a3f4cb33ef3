//! Validation with a limit and with what is known of the exchange.

use super::{malformed, operations::Operation, parsed_body::ParsedBody, report::Report};
use crate::model::MAX_BODY_BYTES;

/// Validates bodies with other settings than [`validate`](super::validate()) has.
///
/// # Examples
///
/// ```
/// use seedance_query::{Rule, Validator};
///
/// let validator = Validator::new().max_body_bytes(1024);
/// let report = validator.validate(&[b' '; 2000]);
/// assert_eq!(report.findings()[0].rule, Rule::OversizedBody);
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Validator {
    status: Option<u16>,
    operation: Option<&'static Operation>,
    asked_for: Option<String>,
    max_body_bytes: usize,
}

impl Default for Validator {
    fn default() -> Self {
        Self::new()
    }
}

impl Validator {
    /// Knows nothing of the exchange, and reads up to [`MAX_BODY_BYTES`].
    pub fn new() -> Self {
        Self {
            status: None,
            operation: None,
            asked_for: None,
            max_body_bytes: MAX_BODY_BYTES,
        }
    }

    /// The HTTP status that the body came with.
    pub fn status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// The path or URL of the request, which names the task that was asked for. It also tells which
    /// [`Operation`] has answered, and so in which form; a response to an unknown one is taken for an
    /// answer to the task query.
    pub fn target(mut self, target: &str) -> Self {
        let (operation, id) = Operation::of_request("GET", target).unzip();
        self.operation = operation;
        self.asked_for = id.map(|id| id.as_str().to_owned());
        self
    }

    /// The longest body that is read, in bytes; a longer one is one finding.
    ///
    /// Of a longer limit, memory grows with the length of the texts in a body alone: the number of
    /// JSON values is limited as well, to 100,000.
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.max_body_bytes = bytes;
        self
    }

    /// Checks a body; any bytes are fine.
    #[must_use]
    pub fn validate(&self, body: &[u8]) -> Report {
        if body.len() > self.max_body_bytes {
            let finding = malformed::too_long(body.len(), self.max_body_bytes);
            return Report::new(None, vec![finding]);
        }
        let mut parsed = ParsedBody::new(self.status, body);
        if let Some(operation) = self.operation {
            parsed = parsed.answer_of(operation);
        }
        if let Some(id) = &self.asked_for {
            parsed = parsed.asked_for(id);
        }
        parsed.report()
    }
}
