//! Collects the results of a run and writes the log.

use std::{
    collections::HashMap,
    io::{self, Write},
    sync::Arc,
};

use serde_json::{Value, json};

use super::{
    super::line_column::{LineColumn, Locator},
    log::{count, driver, location, message, result},
};
use crate::report::{Fingerprint, Output, Summary, Unreadable, ValidatedResponse};
use seedance_query::{model::Source, redact::terminal_json, validate::Finding};

/// Maximum number of results.
const MAX_RESULTS: usize = 10_000;
/// Maximum number of unreadable items listed.
const MAX_NOTIFICATIONS: usize = 1_000;

/// The schema that the log names.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Writes a SARIF log: a finding is one result per input, however often it occurs in it.
///
/// The fingerprint of a result does not contain its location, so that it stays the same when lines
/// move.
///
/// # Examples
///
/// ```
/// use seedance_query::Source;
/// use seedance_traffic::{Output, Session, output::sarif::Sarif};
///
/// let (mut session, mut log) = (Session::new(), Vec::new());
/// let mut output = Sarif::new(&mut log);
/// output.response(&session.validate(Source::whole("a.json"), None, None, b"{}"))?;
/// output.end(&session.summary())?;
///
/// let log: serde_json::Value = serde_json::from_slice(&log)?;
/// assert_eq!(log["runs"][0]["results"][0]["ruleId"], "no-envelope");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Sarif<W> {
    out: W,
    results: Vec<Value>,
    /// The index of the result of a finding, by input.
    known: HashMap<(Arc<str>, Fingerprint), usize>,
    /// The number of findings not listed.
    more: u64,
    unreadable: Vec<Value>,
    more_unreadable: u64,
}

impl<W: Write> Sarif<W> {
    /// Writes to `out` at the end.
    pub fn new(out: W) -> Self {
        Self {
            out,
            results: Vec::new(),
            known: HashMap::new(),
            more: 0,
            unreadable: Vec::new(),
            more_unreadable: 0,
        }
    }

    fn finding(&mut self, source: &Source, finding: &Finding, locator: &Locator<'_>) {
        let key = (source.input.clone(), Fingerprint::of(finding));
        if let Some(index) = self.known.get(&key) {
            count(&mut self.results[*index]);
        } else if self.results.len() == MAX_RESULTS {
            self.more += 1;
        } else {
            self.results.push(result(source, finding, locator));
            self.known.insert(key, self.results.len() - 1);
        }
    }

    /// Notices about the run itself.
    fn notifications(&mut self) -> Vec<Value> {
        let mut all = std::mem::take(&mut self.unreadable);
        let mut say = |text: String| {
            all.push(json!({ "level": "warning", "message": message(&text) }));
        };
        if self.more_unreadable > 0 {
            say(format!(
                "{} more items could not be read",
                self.more_unreadable
            ));
        }
        if self.more > 0 {
            say(format!(
                "only the first {MAX_RESULTS} results are listed; {} more findings are not",
                self.more
            ));
        }
        all
    }
}

impl<W: Write> Output for Sarif<W> {
    fn response(&mut self, response: &ValidatedResponse) -> io::Result<()> {
        let locator = Locator::of(response);
        for finding in response.report.findings() {
            self.finding(&response.source, finding, &locator);
        }
        Ok(())
    }

    fn unreadable(&mut self, unreadable: &Unreadable) -> io::Result<()> {
        if self.unreadable.len() == MAX_NOTIFICATIONS {
            self.more_unreadable += 1;
            return Ok(());
        }
        let line_column = LineColumn {
            line: unreadable.source.line,
            column: None,
        };
        self.unreadable.push(json!({
            "level": "error",
            "message": message(&unreadable.message),
            "locations": [location(&unreadable.source, line_column)],
        }));
        Ok(())
    }

    fn end(&mut self, _: &Summary) -> io::Result<()> {
        let invocation = json!({
            "executionSuccessful": self.unreadable.is_empty(),
            "toolExecutionNotifications": self.notifications(),
        });
        let log = json!({
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": driver() },
                "columnKind": "unicodeCodePoints",
                "invocations": [invocation],
                "results": std::mem::take(&mut self.results),
            }],
        });
        // A terminal reads it as well.
        writeln!(self.out, "{}", terminal_json(&log.to_string()))?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_RESULTS, Sarif, Value};
    use crate::{
        report::{Output, Summary, Unreadable},
        validation::Session,
    };
    use seedance_query::model::{Place, Source};

    /// The one run that a log has of these bodies.
    fn run(bodies: &[(Source, &[u8])]) -> Value {
        let mut session = Session::new();
        let mut out = Vec::new();
        let mut output = Sarif::new(&mut out);
        for (source, body) in bodies {
            let validated = session.validate(source.clone(), None, None, body);
            output.response(&validated).unwrap();
        }
        output.end(&session.summary()).unwrap();
        let mut log: Value = serde_json::from_slice(&out).unwrap();
        log["runs"][0].take()
    }

    fn line(input: &str, line: u64) -> Source {
        Source::at(input, Place::Line(line), line)
    }

    #[test]
    fn repeated_findings_are_counted_per_input() {
        let body = &b"{}"[..];
        let bodies = [
            (line("a", 1), body),
            (line("a", 9), body),
            (line("b", 2), body),
        ];
        let run = run(&bodies);
        let results = run["results"].as_array().unwrap();
        let facts: Vec<_> = results
            .iter()
            .map(|result| {
                let place = &result["locations"][0]["physicalLocation"];
                let uri = place["artifactLocation"]["uri"].as_str().unwrap();
                (
                    uri,
                    &place["region"]["startLine"],
                    &result["occurrenceCount"],
                )
            })
            .collect();
        assert_eq!(
            format!("{facts:?}"),
            r#"[("a", Number(1), Number(2)), ("b", Number(2), Number(1))]"#
        );
        assert_eq!(
            results[0]["partialFingerprints"],
            results[1]["partialFingerprints"]
        );
    }

    #[test]
    fn the_other_place_of_a_finding_is_a_related_location() {
        let body = "{\"code\":\"success\",\"message\":\"\",\"data\":{\"task_id\":\"t\",\"status\":\"SUCCESS\",\n\
                    \"resultUrl\":\"https://a.example/v.mp4\"}}";
        let run = run(&[(Source::whole("a"), body.as_bytes())]);
        let results = run["results"].as_array().unwrap();
        let renamed = results
            .iter()
            .find(|result| result["ruleId"] == "other-spelling");
        let renamed = renamed.unwrap();
        let line = |place: &Value| place["physicalLocation"]["region"]["startLine"].clone();
        assert_eq!(line(&renamed["locations"][0]), 2);
        let related = &renamed["relatedLocations"][0];
        assert_eq!(
            related["logicalLocations"][0]["fullyQualifiedName"],
            "/data/result_url"
        );
        // It is expected in the object, which begins in the first line.
        assert_eq!(line(related), 1);
        assert_eq!(
            related["message"]["text"],
            "the other place, /data/result_url"
        );
        let others = results
            .iter()
            .filter(|result| result["ruleId"] != "other-spelling");
        assert!(others.clone().count() > 0);
        assert!(
            others
                .into_iter()
                .all(|result| result.get("relatedLocations").is_none())
        );
    }

    #[test]
    fn the_fingerprint_does_not_depend_on_the_location() {
        let fingerprints = |line_number, value: &str| {
            let body = format!(
                r#"{{"code":"success","message":"","data":{{"task_id":"t","status":"QUEUED","action":"{value}"}}}}"#
            );
            let run = run(&[(line("a", line_number), body.as_bytes())]);
            let results = run["results"].as_array().unwrap().clone();
            let prints = results.iter().map(|result| {
                let rule = result["ruleId"].as_str().unwrap().to_owned();
                (rule, result["partialFingerprints"].to_string())
            });
            prints.collect::<Vec<_>>()
        };
        let first = fingerprints(1, "dance");
        assert_eq!(first, fingerprints(70, "dance"));
        let other = fingerprints(1, "sing");
        let differ = |rule: &str| {
            let find = |prints: &[(String, String)]| {
                prints.iter().find(|(id, _)| id == rule).unwrap().1.clone()
            };
            find(&first) != find(&other)
        };
        assert!(differ("undocumented-value") && !differ("omitted-field"));
    }

    #[test]
    fn results_beyond_the_limit_are_counted() {
        let bodies: Vec<(Source, &[u8])> = (0..MAX_RESULTS + 3)
            .map(|input| (Source::whole(input.to_string()), &b"{}"[..]))
            .collect();
        let run = run(&bodies);
        assert_eq!(run["results"].as_array().unwrap().len(), MAX_RESULTS);
        let invocation = &run["invocations"][0];
        assert_eq!(invocation["executionSuccessful"], true);
        let notification = &invocation["toolExecutionNotifications"][0]["message"]["text"];
        assert!(
            notification
                .as_str()
                .unwrap()
                .ends_with("; 3 more findings are not")
        );
    }

    #[test]
    fn unreadable_items_are_notifications() {
        let mut out = Vec::new();
        let mut output = Sarif::new(&mut out);
        let unreadable = Unreadable {
            source: Source::whole("a b.har"),
            message: "no JSON".to_owned(),
        };
        output.unreadable(&unreadable).unwrap();
        output.end(&Summary::default()).unwrap();
        let log: Value = serde_json::from_slice(&out).unwrap();
        let invocation = &log["runs"][0]["invocations"][0];
        assert_eq!(invocation["executionSuccessful"], false);
        let notification = &invocation["toolExecutionNotifications"][0];
        assert_eq!(notification["message"]["text"], "no JSON");
        let place = &notification["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%20b.har");
    }
}
