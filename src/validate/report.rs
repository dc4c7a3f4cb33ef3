//! What was found in a body.

use std::{borrow::Cow, fmt};

use serde::Serialize;
use serde_json::Value;

use super::rule::{Rule, Severity};
use crate::{
    model::{Shape, Source},
    redact::{self, Redactor, leads_to_secret},
};

/// Something about a body that its documentation does not lead to expect.
///
/// Serializes as
/// `{"rule","severity","pointer","message","related","expected","found","spec","earlier"}`; the last
/// five are null where they do not apply.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// What was found.
    pub rule: Rule,
    /// Where: a JSON Pointer to the value, or to where a missing one would stand; `""` is the
    /// whole body.
    pub pointer: String,
    /// One sentence for a person, secrets redacted.
    pub message: String,
    /// The other place that the finding is about, as a JSON Pointer into the body: where a renamed or
    /// moved value is documented, or where one that is missing was found.
    pub related: Option<String>,
    /// What the spec leads to expect.
    pub expected: Option<String>,
    /// What is there instead, as JSON; long values are cut and secrets redacted.
    pub found: Option<String>,
    /// A JSON Pointer into the OpenAPI document, to what says so.
    pub spec: Option<String>,
    /// The poll of the same task that was read earlier, and that this one contradicts.
    pub earlier: Option<Box<Source>>,
    /// Of an undocumented member: a JSON Pointer into the OpenAPI document, to the object that it
    /// would belong to.
    #[doc(hidden)]
    pub object: Option<Box<str>>,
}

impl Finding {
    #[doc(hidden)]
    pub fn new(rule: Rule, pointer: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            rule,
            pointer: shown_pointer(pointer.into()),
            message: redacted(message.into()),
            related: None,
            expected: None,
            found: None,
            spec: None,
            earlier: None,
            object: None,
        }
    }

    #[doc(hidden)]
    #[must_use]
    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(redacted(expected.into()));
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub fn related(mut self, pointer: impl Into<String>) -> Self {
        self.related = Some(shown_pointer(pointer.into()));
        self
    }

    #[doc(hidden)]
    #[must_use]
    pub fn found(mut self, value: &Value) -> Self {
        self.found = Some(match value {
            Value::String(text) if !text.is_empty() && leads_to_secret(&self.pointer) => {
                excerpt(&redact::PLACEHOLDER.into())
            }
            _ => excerpt(value),
        });
        self
    }

    /// How bad it is; the same for all findings of a rule.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.rule.severity()
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = match self.pointer.as_str() {
            "" => "the body",
            pointer => pointer,
        };
        write!(
            f,
            "{}[{}] {place}: {}",
            self.severity(),
            self.rule,
            self.message
        )
    }
}

/// Whether a body keeps the contract.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The body is as documented.
    Conforms,
    /// The body departs from its documentation, but keeps the contract: warnings or infos only.
    Drifts,
    /// The body breaks the contract.
    Violates,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Conforms => "conforms",
            Self::Drifts => "drifts",
            Self::Violates => "violates",
        })
    }
}

/// The verdict on a body and all that was found in it, in the order of severity and place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    shape: Option<Shape>,
    findings: Vec<Finding>,
}

impl Report {
    #[doc(hidden)]
    pub fn new(shape: Option<Shape>, mut findings: Vec<Finding>) -> Self {
        findings.sort_by(|a, b| {
            let by_severity = b.severity().cmp(&a.severity());
            by_severity
                .then_with(|| a.pointer.cmp(&b.pointer))
                .then(a.rule.cmp(&b.rule))
        });
        findings.dedup_by(|a, b| (a.rule, &a.pointer) == (b.rule, &b.pointer));
        Self { shape, findings }
    }

    /// The same report with more in it.
    #[doc(hidden)]
    #[must_use]
    pub fn with(mut self, more: Vec<Finding>) -> Self {
        if more.is_empty() {
            return self;
        }
        self.findings.extend(more);
        Self::new(self.shape, self.findings)
    }

    /// Takes out secrets that are known, such as the key, wherever a finding repeats them.
    #[doc(hidden)]
    #[must_use]
    pub fn redacted(mut self, redactor: &Redactor) -> Self {
        for finding in &mut self.findings {
            let texts = [&mut finding.pointer, &mut finding.message].into_iter();
            let more = [
                &mut finding.related,
                &mut finding.expected,
                &mut finding.found,
            ];
            let more = more.into_iter().flatten();
            for text in texts.chain(more) {
                if let Cow::Owned(hidden) = redactor.text(text) {
                    *text = hidden;
                }
            }
        }
        self
    }

    /// Leaves out what is no surprise to a client that is set up in this way.
    #[doc(hidden)]
    #[must_use]
    pub fn without_rule(self, rule: Rule) -> Self {
        self.filtered(|finding| finding.rule != rule)
    }

    /// Leaves out what does not pass.
    #[doc(hidden)]
    #[must_use]
    pub fn filtered(mut self, passes: impl FnMut(&Finding) -> bool) -> Self {
        self.findings.retain(passes);
        self
    }

    /// What the body is, or none if even that cannot be told.
    #[must_use]
    pub fn shape(&self) -> Option<Shape> {
        self.shape
    }

    /// Whether the body keeps the contract, and its documentation.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match self.findings.iter().map(Finding::severity).max() {
            None => Verdict::Conforms,
            Some(Severity::Error) => Verdict::Violates,
            Some(_) => Verdict::Drifts,
        }
    }

    /// All that was found, errors first, each once.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

/// At most this many characters of a value are shown.
const EXCERPT: usize = 80;

/// A value as JSON, secrets masked, cut to a length that fits a line.
pub(crate) fn excerpt(value: &Value) -> String {
    match value {
        Value::String(text) => {
            // Cut before redacting as well: a hostile value can be very long. The margin is so large
            // that a cut inside of a URL's query leaves its beginning, and so its placeholder, in place.
            let head: String = text.chars().take(16 * EXCERPT).collect();
            Value::String(shorten(&redact::text(&head))).to_string()
        }
        Value::Array(items) => format!("an array of {}", count(items.len(), "item")),
        Value::Object(members) => format!("an object with {}", count(members.len(), "member")),
        scalar => scalar.to_string(),
    }
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// The most bytes of a member's name that are shown: a hostile one is not copied for each finding.
const MAX_SHOWN_NAME: usize = 1024;

/// A pointer as it can be shown: the name of a member can be a secret as well as its value.
fn shown_pointer(pointer: String) -> String {
    Redactor::new()
        .pointer(&with_short_names(pointer))
        .into_owned()
}

/// A pointer in which names that are far too long are cut.
fn with_short_names(pointer: String) -> String {
    if pointer.len() <= MAX_SHOWN_NAME {
        return pointer;
    }
    let names = pointer.split('/').map(|name| {
        if name.len() <= MAX_SHOWN_NAME {
            return Cow::Borrowed(name);
        }
        Cow::Owned(format!(
            "{}…",
            &name[..name.floor_char_boundary(MAX_SHOWN_NAME)]
        ))
    });
    names.collect::<Vec<_>>().join("/")
}

fn redacted(text: String) -> String {
    match redact::text(&text) {
        Cow::Owned(redacted) => redacted,
        Cow::Borrowed(_) => text,
    }
}

/// A text of a server as it can be shown: without secrets, and not too long.
pub(super) fn shown(text: &str) -> String {
    shorten(&redact::text(text))
}

/// Cuts a text to the length of an excerpt.
#[doc(hidden)]
#[must_use]
pub fn shorten(text: &str) -> String {
    match text.char_indices().nth(EXCERPT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
