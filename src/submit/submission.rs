//! What is submitted: a request that was checked.

use std::{fmt, time::Duration};

use bytes::Bytes;

use crate::{
    model::types::SubmitRequest,
    redact::Redactor,
    validate::{Finding, Report, Severity, operations::SUBMIT_TASK},
};

/// The largest request that the gateway takes, in bytes: 64 MiB.
const MAX_REQUEST_BYTES: usize = 64 << 20;

/// A request that keeps to the document and to the limits of its model.
///
/// # Examples
///
/// ```
/// use seedance_query::{Submission, types::{SubmitItem, SubmitRequest, TextContent}};
///
/// let prompt = TextContent::new("A paper boat drifts down a rainy street.");
/// let mut request = SubmitRequest::new([SubmitItem::from(prompt)], "seedance-fast");
/// request.duration = Some(8);
/// let submission = Submission::new(&request)?;
/// assert!(submission.report().findings().is_empty());
///
/// request.duration = Some(60);
/// let refused = Submission::new(&request).err().ok_or("at most 15 seconds")?;
/// assert_eq!(refused.findings()[0].pointer, "/duration");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Submission {
    body: Bytes,
    report: Report,
    timeout: Option<Duration>,
}

impl Submission {
    /// Checks a request.
    ///
    /// # Errors
    ///
    /// If it breaks the document or a limit of its model.
    pub fn new(request: &SubmitRequest) -> Result<Self, InvalidSubmission> {
        let body = serde_json::to_vec(request)
            .map_err(|error| InvalidSubmission::new(format!("it is no JSON: {error}")))?;
        Self::checked(body)
    }

    /// Checks a request in JSON, which is sent byte for byte; what the document does not know is
    /// noted in the report and sent, too.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new), and if it is not JSON.
    pub fn from_json(json: impl Into<Vec<u8>>) -> Result<Self, InvalidSubmission> {
        Self::checked(json.into())
    }

    fn checked(body: Vec<u8>) -> Result<Self, InvalidSubmission> {
        if body.len() > MAX_REQUEST_BYTES {
            let message = format!(
                "it has {} MiB, and the gateway takes {} at most; give URLs in place of data",
                body.len() >> 20,
                MAX_REQUEST_BYTES >> 20,
            );
            return Err(InvalidSubmission::new(message));
        }
        let report = SUBMIT_TASK
            .validate_request(&body)
            .redacted(&Redactor::new());
        let findings = report.findings().iter();
        let errors: Vec<Finding> = findings
            .filter(|finding| finding.severity() == Severity::Error)
            .cloned()
            .collect();
        if errors.is_empty() {
            let body = body.into();
            return Ok(Self {
                body,
                report,
                timeout: None,
            });
        }
        Err(InvalidSubmission::of(errors))
    }

    /// The longest time for the request, from connecting to the end of the reply; by default the
    /// client's timeout, but at least two minutes: after a time-out nothing is known of the task.
    #[must_use]
    pub fn with_timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    pub(super) fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// What was found that does not keep it from being sent.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// The JSON that is sent, with what is secret in it.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }
}

impl fmt::Debug for Submission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Submission")
            .field("body", &format_args!("{} bytes", self.body.len()))
            .field("report", &self.report)
            .finish_non_exhaustive()
    }
}

/// A request that would be refused, and was not sent.
#[derive(Clone, Debug)]
pub struct InvalidSubmission {
    message: String,
    findings: Vec<Finding>,
}

impl InvalidSubmission {
    fn new(message: String) -> Self {
        Self {
            message,
            findings: Vec::new(),
        }
    }

    fn of(findings: Vec<Finding>) -> Self {
        let lines = findings
            .iter()
            .map(|finding| match finding.pointer.as_str() {
                "" => finding.message.clone(),
                at => format!("{at}: {}", finding.message),
            });
        Self {
            message: lines.collect::<Vec<_>>().join("; "),
            findings,
        }
    }

    /// What is wrong with it and where; nothing if it is too long to be read.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

impl fmt::Display for InvalidSubmission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the request cannot be submitted: {}", self.message)
    }
}

impl std::error::Error for InvalidSubmission {}
