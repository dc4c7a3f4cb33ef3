//! One validated response.

use seedance_query::{model::Source, validate::Report};

/// A response and its findings, those from earlier polls of its task included.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ValidatedResponse {
    /// Where it comes from.
    pub source: Source,
    /// The HTTP status, where it was recorded.
    pub http_status: Option<u16>,
    /// When it was received, in Unix seconds, where that was recorded.
    pub time: Option<i64>,
    /// The task that it tells of, if the output [wants](super::Output::wants_all) all responses.
    pub task_id: Option<String>,
    /// The status of the task, as it was told.
    pub status: Option<String>,
    /// The form of the answer, such as `enveloped`; `error` or `none` where it tells of no task.
    pub form: &'static str,
    /// The findings, without those that are ignored or known.
    pub report: Report,
    /// The body with its secrets; empty if there are no findings.
    pub(crate) body: Vec<u8>,
    /// Whether the body had to be decoded: its lines are not those of the input.
    pub(crate) is_apart: bool,
    /// The findings that occur for the first time, by index.
    pub(crate) new: Vec<usize>,
    /// The findings that every response of the form has had so far, by index.
    pub(crate) common: Vec<usize>,
}

impl ValidatedResponse {
    pub(crate) fn new(source: Source, report: Report, body: Vec<u8>) -> Self {
        Self {
            source,
            http_status: None,
            time: None,
            task_id: None,
            status: None,
            form: "none",
            report,
            body,
            is_apart: false,
            new: Vec::new(),
            common: Vec::new(),
        }
    }

    /// The line of the input in which the body begins, from 1; none if the body had to be decoded,
    /// so that its lines are not those of the input.
    #[must_use]
    pub fn body_line(&self) -> Option<u64> {
        (!self.is_apart).then_some(self.source.line)
    }

    /// Whether the finding at an index is the first of its kind: its rule, pointer and, for rules
    /// about values, value have not occurred before.
    #[must_use]
    pub fn is_new(&self, finding: usize) -> bool {
        self.new.contains(&finding)
    }

    /// Whether every response of this form so far has the finding at an index, which is no error.
    #[must_use]
    pub fn is_common(&self, finding: usize) -> bool {
        self.common.contains(&finding)
    }

    /// The body as received, with its secrets; empty if there are no findings.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}
