//! What is printed for a response: a heading, and its findings, any of which can be left out.

use seedance_query::Finding;
use seedance_traffic::Fingerprint;

/// A finding in responses of one form.
pub(super) type FindingKey = (&'static str, Fingerprint);

/// What is printed for a response.
pub(super) struct ResponseText {
    form: &'static str,
    heading: String,
    /// Whether the heading is printed without a finding, too.
    is_whole: bool,
    pub findings: Vec<RenderedFinding>,
}

/// The text of a finding.
pub(super) struct RenderedFinding {
    pub key: FindingKey,
    pub text: String,
    /// Whether all responses of the form had it so far.
    pub is_common: bool,
}

impl ResponseText {
    pub fn new(form: &'static str, heading: String, is_whole: bool) -> Self {
        Self {
            form,
            heading,
            is_whole,
            findings: Vec::new(),
        }
    }

    pub fn add(&mut self, finding: &Finding, text: String, is_common: bool) {
        self.findings.push(RenderedFinding {
            key: (self.form, Fingerprint::of(finding)),
            text,
            is_common,
        });
    }

    /// In bytes.
    pub fn len(&self) -> usize {
        let findings: usize = self.findings.iter().map(|finding| finding.text.len()).sum();
        self.heading.len() + findings
    }

    /// Writes the findings that are to be shown.
    pub fn write(self, out: &mut String, mut is_shown: impl FnMut(&RenderedFinding) -> bool) {
        let mut has_heading = self.is_whole;
        if has_heading {
            out.push_str(&self.heading);
        }
        for finding in self.findings {
            if !is_shown(&finding) {
                continue;
            }
            if !has_heading {
                out.push_str(&self.heading);
                has_heading = true;
            }
            out.push_str(&finding.text);
        }
    }
}
