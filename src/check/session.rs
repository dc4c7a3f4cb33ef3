//! Responses as they come, one after the other.

use super::{Checked, Excerpt, Summary};
use crate::{Source, validate, validate_response};

/// Checks responses one after the other and keeps count of them.
///
/// # Examples
///
/// ```
/// use seedance_query::{Source, Verdict, check::Session};
///
/// let mut session = Session::new();
/// let checked = session.check(Source::whole("a body"), None, None, b"{}");
/// assert_eq!(checked.report.verdict(), Verdict::Violates);
/// assert_eq!(session.summary().verdicts.violates, 1);
/// ```
#[derive(Debug, Default)]
pub struct Session {
    summary: Summary,
}

impl Session {
    /// Nothing checked yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Checks a response: its HTTP status and the time of its exchange (Unix seconds), as far as
    /// they are known, and its body.
    pub fn check(
        &mut self,
        source: Source,
        status: Option<u16>,
        time: Option<i64>,
        body: &[u8],
    ) -> Checked {
        let _ = time;
        let report = match status {
            Some(status) => validate_response(status, body),
            None => validate(body),
        };
        self.summary.responses += 1;
        match report.verdict() {
            crate::Verdict::Conforms => self.summary.verdicts.conforms += 1,
            crate::Verdict::Drifts => self.summary.verdicts.drifts += 1,
            crate::Verdict::Violates => self.summary.verdicts.violates += 1,
        }
        let excerpt = Excerpt::of(body);
        for finding in report.findings() {
            self.summary.drifts.push(super::Drift {
                rule: finding.rule,
                severity: finding.severity(),
                pointer: finding.pointer.clone(),
                value: None,
                count: 1,
                first: source.clone(),
                last: source.clone(),
                example: finding.clone(),
                snippet: excerpt
                    .as_ref()
                    .and_then(|excerpt| excerpt.snippet(&finding.pointer)),
                yaml: None,
            });
        }
        Checked {
            body: if report.findings().is_empty() {
                Vec::new()
            } else {
                body.to_vec()
            },
            source,
            report,
        }
    }

    /// What there is to say of all so far.
    #[must_use]
    pub fn summary(&self) -> Summary {
        self.summary.clone()
    }
}
