//! One JSON object per line, for programs.

use std::io::{self, Write};

use schemars::{JsonSchema, generate::SchemaSettings};
use serde::Serialize;

use crate::report::{Output, Summary, Unreadable, ValidatedResponse};
use seedance_query::{
    model::{Shape, Source},
    redact::terminal_json,
    validate::{Finding, Verdict},
};

/// One line.
#[derive(Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "Line")]
enum JsonLine<'a> {
    Response(ResponseLine<'a>),
    Unreadable(UnreadableLine<'a>),
    Across(AcrossLine<'a>),
    Summary(SummaryLine<'a>),
}

/// A response and its findings.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ResponseLine", deny_unknown_fields)]
struct ResponseLine<'a> {
    /// Where it comes from.
    source: &'a Source,
    /// The task that it tells of; null if it tells of none.
    task_id: Option<&'a str>,
    /// The status of the task, as it was told.
    status: Option<&'a str>,
    /// The HTTP status; null if it was not recorded.
    http_status: Option<u16>,
    /// When it was received, in Unix seconds; null if that was not recorded.
    time: Option<i64>,
    /// The shape of the body; null if it is unknown.
    shape: Option<Shape>,
    /// Whether the body conforms to the contract and to its documentation.
    verdict: Verdict,
    /// The findings, errors first, each once.
    findings: &'a [Finding],
}

/// An item that could not be read.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "UnreadableLine", deny_unknown_fields)]
struct UnreadableLine<'a> {
    /// Where it stands.
    source: &'a Source,
    /// Why it cannot be read, in one sentence.
    unreadable: &'a str,
}

/// Findings of a response of an earlier line, which only show once all inputs are read.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "AcrossLine", deny_unknown_fields)]
struct AcrossLine<'a> {
    /// Where the response comes from.
    source: &'a Source,
    /// The findings from comparison with polls of the same task in other inputs.
    across: &'a [Finding],
}

/// The summary of all lines before.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SummaryLine", deny_unknown_fields)]
struct SummaryLine<'a> {
    /// Counts over all responses, and each distinct finding once.
    summary: &'a Summary,
}

/// Writes one JSON object per line: each response, and each item that cannot be read.
///
/// # Examples
///
/// ```
/// use seedance_query::Source;
/// use seedance_traffic::{Output, Session, output::json::Json};
///
/// let (mut session, mut lines) = (Session::new(), Vec::new());
/// let mut output = Json::new(&mut lines);
/// output.response(&session.validate(Source::whole("a.json"), None, None, b"{}"))?;
/// output.end(&session.summary())?;
///
/// let line: serde_json::Value = serde_json::from_slice(&lines)?;
/// assert_eq!(line["verdict"], "violates");
/// assert_eq!(line["findings"][0]["rule"], "no-envelope");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Json<W> {
    out: W,
    with_summary: bool,
}

impl<W: Write> Json<W> {
    /// Writes to `out`, without a summary.
    pub fn new(out: W) -> Self {
        Self {
            out,
            with_summary: false,
        }
    }

    /// Whether the last line is the summary.
    #[must_use]
    pub fn with_summary(mut self, with_summary: bool) -> Self {
        self.with_summary = with_summary;
        self
    }

    fn line(&mut self, line: &JsonLine<'_>) -> io::Result<()> {
        // A terminal reads it as well.
        let line = serde_json::to_string(line)?;
        writeln!(self.out, "{}", terminal_json(&line))
    }
}

impl<W: Write> Output for Json<W> {
    fn wants_all(&self) -> bool {
        true
    }

    fn response(&mut self, response: &ValidatedResponse) -> io::Result<()> {
        self.line(&JsonLine::Response(ResponseLine {
            source: &response.source,
            task_id: response.task_id.as_deref(),
            status: response.status.as_deref(),
            http_status: response.http_status,
            time: response.time,
            shape: response.report.shape(),
            verdict: response.report.verdict(),
            findings: response.report.findings(),
        }))
    }

    fn across(&mut self, response: &ValidatedResponse) -> io::Result<()> {
        self.line(&JsonLine::Across(AcrossLine {
            source: &response.source,
            across: response.report.findings(),
        }))
    }

    fn unreadable(&mut self, unreadable: &Unreadable) -> io::Result<()> {
        self.line(&JsonLine::Unreadable(UnreadableLine {
            source: &unreadable.source,
            unreadable: &unreadable.message,
        }))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        if self.with_summary {
            self.line(&JsonLine::Summary(SummaryLine { summary }))?;
        }
        self.out.flush()
    }
}

/// The JSON Schema (2020-12) of a line.
///
/// # Examples
///
/// ```
/// use seedance_traffic::output::json;
///
/// let schema: serde_json::Value = serde_json::from_str(&json::schema())?;
/// assert_eq!(schema["title"], "A line of the report");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn schema() -> String {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<JsonLine>();
    schema.insert("title".to_owned(), "A line of the report".into());
    schema.insert(
        "description".to_owned(),
        "A line of `validate --format json`: a response, an item that could not be read, \
         findings that only show once all inputs are read, or, as the last line and if requested, the \
         summary."
            .into(),
    );
    format!("{:#}\n", schema.as_value())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Json, schema};
    use crate::report::{Output, Unreadable};
    use seedance_query::model::Source;

    #[test]
    fn unreadable_items_follow_the_schema() {
        let mut out = Vec::new();
        let unreadable = Unreadable {
            source: Source::whole("a.har"),
            message: "the archive ends in line 7".to_owned(),
        };
        Json::new(&mut out).unreadable(&unreadable).unwrap();
        let line: Value = serde_json::from_slice(&out).unwrap();
        let expected = json!({"source": "a.har", "unreadable": "the archive ends in line 7"});
        assert_eq!(line, expected);
        let schema = serde_json::from_str(&schema()).unwrap();
        let schema = jsonschema::draft202012::new(&schema).unwrap();
        assert!(schema.is_valid(&line));
        for changed in [
            json!({"source": "a.har"}),
            json!({"source": "a.har", "unreadable": null}),
            json!({"source": "a.har", "unreadable": "why", "verdict": "violates"}),
        ] {
            assert!(!schema.is_valid(&changed), "{changed}");
        }
    }
}
