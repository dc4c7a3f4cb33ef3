//! SARIF 2.1.0, for code scanning.

use std::{
    collections::{BTreeMap, HashMap},
    io::{self, Write},
    sync::Arc,
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_sarif::sarif::{
    ArtifactLocation, Invocation, Location, LogicalLocation, Message, MultiformatMessageString,
    Notification, PhysicalLocation, Region, ReportingConfiguration, ReportingDescriptor,
    Result as Found, ResultLevel, Run, Sarif as Log, Tool, ToolComponent,
};
use sha2::{Digest, Sha256};

use super::{
    Output,
    spot::{Spot, Spots},
    uri::uri,
};
use crate::{Checked, Summary, Unreadable, key::Key};
use seedance_query::{
    model::Source,
    validate::{Finding, Rule, Severity},
};

/// So many results are written.
const MOST: usize = 10_000;
/// So many things that cannot be read are named.
const MOST_UNREADABLE: usize = 1_000;

/// The schema that the log names.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";
/// What the tool is, as the OpenAPI document says it.
const INFORMATION: &str = "https://docs.rs/seedance-query";
/// The name and version of the fingerprint.
const FINGERPRINT: &str = "seedanceFinding/v1";

/// Writes a SARIF log: what is found in an input is one result, however often it comes up in it.
///
/// The fingerprint of a result says what was found, not where, so that it stays the same when lines
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
/// output.response(&session.check(Source::whole("a.json"), None, None, b"{}"))?;
/// output.end(&session.summary())?;
///
/// let log: serde_json::Value = serde_json::from_slice(&log)?;
/// assert_eq!(log["runs"][0]["results"][0]["ruleId"], "no-envelope");
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Sarif<W> {
    out: W,
    results: Vec<Found>,
    /// Which result is what.
    known: HashMap<(Arc<str>, Key), usize>,
    /// How many findings are in no result.
    more: u64,
    unreadable: Vec<Notification>,
    more_unreadable: u64,
}

impl<W: Write> Sarif<W> {
    /// Writes to `out` in the end.
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

    fn finding(&mut self, source: &Source, finding: &Finding, spots: &Spots<'_>) {
        let key = (source.input.clone(), Key::of(finding));
        if let Some(index) = self.known.get(&key) {
            let count = &mut self.results[*index].occurrence_count;
            *count = count.map(|count| count + 1);
        } else if self.results.len() == MOST {
            self.more += 1;
        } else {
            self.results.push(result(source, finding, spots));
            self.known.insert(key, self.results.len() - 1);
        }
    }

    /// What has to be said of the run itself.
    fn notifications(&mut self) -> Vec<Notification> {
        let mut all = std::mem::take(&mut self.unreadable);
        let mut say = |text: String| {
            let notification = Notification::builder().level("warning");
            all.push(notification.message(message(&text)).build());
        };
        if self.more_unreadable > 0 {
            say(format!("{} more cannot be read", self.more_unreadable));
        }
        if self.more > 0 {
            say(format!(
                "only the first {MOST} results are listed; {} more findings are not",
                self.more
            ));
        }
        all
    }
}

impl<W: Write> Output for Sarif<W> {
    fn response(&mut self, checked: &Checked) -> io::Result<()> {
        let spots = Spots::of(checked);
        for finding in checked.report.findings() {
            self.finding(&checked.source, finding, &spots);
        }
        Ok(())
    }

    fn unreadable(&mut self, unreadable: &Unreadable) -> io::Result<()> {
        if self.unreadable.len() == MOST_UNREADABLE {
            self.more_unreadable += 1;
            return Ok(());
        }
        let spot = Spot {
            line: unreadable.source.line,
            column: None,
        };
        let notification = Notification::builder()
            .level("error")
            .message(message(&unreadable.message))
            .locations(vec![location(&unreadable.source, spot)]);
        self.unreadable.push(notification.build());
        Ok(())
    }

    fn end(&mut self, _: &Summary) -> io::Result<()> {
        let invocation = Invocation::builder()
            .execution_successful(self.unreadable.is_empty())
            .tool_execution_notifications(self.notifications())
            .build();
        let run = Run::builder()
            .tool(Tool::builder().driver(driver()).build())
            .column_kind("unicodeCodePoints")
            .invocations(vec![invocation])
            .results(std::mem::take(&mut self.results))
            .build();
        let log = Log::builder().schema(SCHEMA).version("2.1.0");
        serde_json::to_writer(&mut self.out, &log.runs(vec![run]).build())?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}

fn driver() -> ToolComponent {
    ToolComponent::builder()
        .name(env!("CARGO_PKG_NAME"))
        .version(env!("CARGO_PKG_VERSION"))
        .semantic_version(env!("CARGO_PKG_VERSION"))
        .information_uri(INFORMATION)
        .rules(Rule::ALL.iter().copied().map(rule).collect::<Vec<_>>())
        .build()
}

fn rule(rule: Rule) -> ReportingDescriptor {
    let meaning = MultiformatMessageString::builder().text(rule.meaning());
    let configuration = ReportingConfiguration::builder().level(level(rule.severity()));
    ReportingDescriptor::builder()
        .id(rule.id())
        .short_description(meaning.build())
        .default_configuration(configuration.build())
        .build()
}

fn result(source: &Source, finding: &Finding, spots: &Spots<'_>) -> Found {
    let mut place = location(source, spots.find(&finding.pointer));
    if !finding.pointer.is_empty() {
        let logical = LogicalLocation::builder().fully_qualified_name(finding.pointer.as_str());
        place.logical_locations = Some(vec![logical.build()]);
    }
    let text = match &finding.expected {
        Some(expected) => format!("{} (expected {expected})", finding.message),
        None => finding.message.clone(),
    };
    let mut result = Found::builder()
        .rule_id(finding.rule.id())
        .level(match finding.severity() {
            Severity::Error => ResultLevel::Error,
            Severity::Warning => ResultLevel::Warning,
            Severity::Info => ResultLevel::Note,
        })
        .message(message(&text))
        .locations(vec![place])
        .occurrence_count(1)
        .partial_fingerprints(BTreeMap::from([(
            FINGERPRINT.to_owned(),
            fingerprint(finding),
        )]))
        .build();
    let index = Rule::ALL.iter().position(|rule| *rule == finding.rule);
    result.rule_index = index.and_then(|index| index.try_into().ok());
    if let Some(earlier) = &finding.earlier {
        let spot = Spot {
            line: earlier.line,
            column: None,
        };
        let mut earlier_place = location(earlier, spot);
        earlier_place.message = Some(message(&format!("the earlier poll, {earlier}")));
        result.related_locations = Some(vec![earlier_place]);
    }
    result
}

/// What was found, whatever line it is in.
fn fingerprint(finding: &Finding) -> String {
    let Key {
        rule,
        pointer,
        value,
    } = Key::of(finding);
    let text = format!("{rule}\n{pointer}\n{}", value.unwrap_or_default());
    BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(text.as_bytes()))
}

fn location(source: &Source, spot: Spot) -> Location {
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let mut region = Region::builder().start_line(number(spot.line)).build();
    region.start_column = spot.column.map(number);
    let artifact = ArtifactLocation::builder().uri(uri(&source.input)).build();
    let place = PhysicalLocation::builder()
        .artifact_location(artifact)
        .region(region)
        .build();
    Location::builder().physical_location(place).build()
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

fn message(text: &str) -> Message {
    Message::builder().text(text).build()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{MOST, Sarif};
    use crate::{Output, Session, Summary, Unreadable};
    use seedance_query::model::{Place, Source};

    /// The one run that a log has of these bodies.
    fn run(bodies: &[(Source, &[u8])]) -> Value {
        let mut session = Session::new();
        let mut out = Vec::new();
        let mut output = Sarif::new(&mut out);
        for (source, body) in bodies {
            let checked = session.check(source.clone(), None, None, body);
            output.response(&checked).unwrap();
        }
        output.end(&session.summary()).unwrap();
        let mut log: Value = serde_json::from_slice(&out).unwrap();
        log["runs"][0].take()
    }

    fn line(input: &str, line: u64) -> Source {
        Source::at(input, Place::Line(line), line)
    }

    #[test]
    fn what_comes_up_again_is_counted_in_each_input() {
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
    fn the_fingerprint_is_that_of_what_was_found() {
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
    fn too_many_results_are_counted() {
        let bodies: Vec<(Source, &[u8])> = (0..MOST + 3)
            .map(|input| (Source::whole(input.to_string()), &b"{}"[..]))
            .collect();
        let run = run(&bodies);
        assert_eq!(run["results"].as_array().unwrap().len(), MOST);
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
    fn what_cannot_be_read_is_a_notification() {
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
