//! JUnit XML, for viewers of test results.

use std::{
    collections::HashMap,
    io::{self, Write},
    sync::Arc,
};

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::{escape::xml, tool};
use crate::report::{Output, Summary, Unreadable, ValidatedResponse};
use seedance_query::{
    model::Source,
    validate::{Finding, Severity},
};

/// Maximum number of test cases; further responses are counted in one.
const MAX_CASES: usize = 100_000;

/// Writes JUnit XML: each input is a test suite, each response a test case.
///
/// A response fails if it has a finding of the given severity or worse. Otherwise it passes, and its
/// findings are its output. An item that cannot be read is an error.
///
/// # Examples
///
/// ```
/// use seedance_query::{Severity, Source};
/// use seedance_traffic::{Output, Session, output::junit::JUnit};
///
/// let (mut session, mut xml) = (Session::new(), Vec::new());
/// let mut output = JUnit::new(&mut xml, Some(Severity::Error));
/// output.response(&session.validate(Source::whole("a.json"), None, None, b"{}"))?;
/// output.end(&session.summary())?;
///
/// let xml = String::from_utf8_lossy(&xml);
/// assert!(xml.contains(r#"<testcase name="a.json" classname="a.json">"#));
/// assert!(xml.contains(r#"type="no-envelope""#));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct JUnit<W> {
    out: W,
    fail_on: Option<Severity>,
    suites: Vec<TestSuite>,
    /// The suite of an input.
    inputs: HashMap<Arc<str>, usize>,
    listed: usize,
    more: u64,
    more_failed: u64,
}

impl<W: Write> JUnit<W> {
    /// Writes to `out` at the end; `fail_on` is the lowest severity that fails a response.
    pub fn new(out: W, fail_on: Option<Severity>) -> Self {
        Self {
            out,
            fail_on,
            suites: Vec::new(),
            inputs: HashMap::new(),
            listed: 0,
            more: 0,
            more_failed: 0,
        }
    }

    fn add(&mut self, source: &Source, status: TestCaseStatus, output: Option<&str>) {
        let is_failed = matches!(status, TestCaseStatus::NonSuccess { .. });
        if self.listed == MAX_CASES {
            self.more += 1;
            self.more_failed += u64::from(is_failed);
            return;
        }
        self.listed += 1;
        let input = xml(&source.input);
        let mut case = TestCase::new(xml(&source.to_string()), status);
        case.set_classname(input.as_ref());
        if let Some(output) = output {
            case.set_system_out(output);
        }
        let suites = &mut self.suites;
        let suite = *self.inputs.entry(source.input.clone()).or_insert_with(|| {
            suites.push(TestSuite::new(input.as_ref()));
            suites.len() - 1
        });
        suites[suite].add_test_case(case);
    }

    /// A test case for the responses beyond the limit, so that no failure is lost.
    fn rest(&self) -> TestSuite {
        let mut status = TestCaseStatus::success();
        if self.more_failed > 0 {
            status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            status.set_message(format!("{} of them fail", self.more_failed));
        }
        let name = format!("{} more, which are not listed", self.more);
        let mut suite = TestSuite::new("not listed");
        suite.add_test_case(TestCase::new(name, status));
        suite
    }
}

impl<W: Write> Output for JUnit<W> {
    fn wants_all(&self) -> bool {
        true
    }

    fn response(&mut self, response: &ValidatedResponse) -> io::Result<()> {
        let findings = response.report.findings();
        let lines: Vec<String> = findings.iter().map(line).collect();
        let lines = lines.join("\n");
        let lines = xml(&lines);
        // The worst finding comes first.
        match (findings.first(), self.fail_on) {
            (Some(worst), Some(lowest)) if worst.severity() >= lowest => {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                status.set_type(worst.rule.id());
                status.set_message(xml(&worst.message));
                let help = worst.rule.help_url();
                status.set_description(format!("{lines}\nAbout {}: {help}", worst.rule));
                self.add(&response.source, status, None);
            }
            (Some(_), _) => {
                self.add(&response.source, TestCaseStatus::success(), Some(&lines));
            }
            (None, _) => self.add(&response.source, TestCaseStatus::success(), None),
        }
        Ok(())
    }

    fn unreadable(&mut self, unreadable: &Unreadable) -> io::Result<()> {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
        status.set_type("unreadable");
        status.set_message(xml(&unreadable.message));
        self.add(&unreadable.source, status, None);
        Ok(())
    }

    fn end(&mut self, _: &Summary) -> io::Result<()> {
        let mut report = Report::new(tool::NAME);
        report.add_test_suites(self.suites.drain(..));
        if self.more > 0 {
            report.add_test_suite(self.rest());
        }
        let mut out = Noting {
            out: &mut self.out,
            error: None,
        };
        if let Err(error) = report.serialize(&mut out) {
            return Err(out.error.unwrap_or_else(|| io::Error::other(error)));
        }
        self.out.flush()
    }
}

/// A writer that keeps its error: the library's own does not tell what it was.
struct Noting<W> {
    out: W,
    error: Option<io::Error>,
}

impl<W: Write> Write for Noting<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes).map_err(|error| {
            let kind = error.kind();
            self.error = Some(error);
            kind.into()
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn line(finding: &Finding) -> String {
    let mut line = finding.to_string();
    let more = [
        ("expected", finding.expected.as_deref()),
        ("see also", finding.related.as_deref()),
    ];
    let more = more
        .into_iter()
        .filter_map(|(label, text)| Some(format!("{label} {}", text?)));
    let more: Vec<String> = more.collect();
    if !more.is_empty() {
        line.push_str(&format!(" ({})", more.join("; ")));
    }
    line
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::JUnit;
    use crate::{
        report::{Output, Summary, Unreadable},
        validation::Session,
    };
    use seedance_query::{model::Source, validate::Severity};

    fn xml(fail_on: Option<Severity>, body: &[u8]) -> String {
        let mut session = Session::new();
        let mut out = Vec::new();
        let mut output = JUnit::new(&mut out, fail_on);
        let validated = session.validate(Source::whole("a"), None, None, body);
        output.response(&validated).unwrap();
        output.end(&session.summary()).unwrap();
        String::from_utf8(out).unwrap()
    }

    /// A reader that has gone away.
    struct Closed;

    impl io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn why_it_cannot_be_written_is_told_as_by_the_writer() {
        let error = JUnit::new(Closed, None)
            .end(&Summary::default())
            .unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }

    #[test]
    fn the_severity_decides_what_fails() {
        // Nothing worse than a warning.
        let drifting = include_bytes!("../../../../tests/drift/4c-progress-without-percent.json");
        for (body, fail_on, failures) in [
            (&b"{}"[..], Some(Severity::Error), 1),
            (b"{}", None, 0),
            (&drifting[..], Some(Severity::Error), 0),
            (&drifting[..], Some(Severity::Warning), 1),
        ] {
            let xml = xml(fail_on, body);
            let expected = format!("tests=\"1\" failures=\"{failures}\" errors=\"0\">");
            assert!(xml.contains(&expected), "{xml}");
            assert_eq!(xml.contains("<system-out>"), failures == 0, "{xml}");
            let help = "/enum.Rule.html#";
            assert_eq!(xml.contains(help), failures == 1, "{xml}");
        }
    }

    #[test]
    fn the_other_place_of_a_finding_is_named() {
        let body = br#"{"code":"success","message":"","data":{"task_id":"t","status":"SUCCESS",
            "resultUrl":"https://a.example/v.mp4"}}"#;
        let xml = xml(Some(Severity::Warning), body);
        assert!(xml.contains("see also /data/result_url"), "{xml}");
    }

    #[test]
    fn unreadable_items_are_errors_with_forbidden_characters_escaped() {
        let mut out = Vec::new();
        let mut output = JUnit::new(&mut out, None);
        let unreadable = Unreadable {
            source: Source::whole("a<b>&\"c\u{1}.har"),
            message: "bad\u{0}\u{b}\u{fffe}\u{1b}[31m ]]> <!-- byte".to_owned(),
        };
        output.unreadable(&unreadable).unwrap();
        output.end(&Summary::default()).unwrap();
        let xml = String::from_utf8(out).unwrap();
        assert!(xml.contains("errors=\"1\""), "{xml}");
        assert!(
            xml.contains("name=\"a&lt;b&gt;&amp;&quot;c\\u{1}.har\""),
            "{xml}"
        );
        assert!(
            xml.contains("message=\"bad\\u{0}\\u{b}\\u{fffe}\\u{1b}[31m ]]&gt; &lt;!-- byte\""),
            "{xml}"
        );
    }
}
