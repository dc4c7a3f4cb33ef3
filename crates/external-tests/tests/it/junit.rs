//! The XML, and Jenkins' schema of it.

use std::{
    io::Write as _,
    path::PathBuf,
    process::{Command, Stdio},
};

use seedance_query::{Severity, Source};
use seedance_traffic::{Output, Session, output::junit::JUnit};

use seedance_external_tests::{started, validate_all};
use seedance_testing::package::package;

/// Whether an XML document follows Jenkins' schema, and what is said of it.
fn follows_the_schema(xml: &[u8]) -> (bool, String) {
    let schema: PathBuf = package("junit-report").join("tests/JUnit.xsd");
    let mut command = Command::new("xmllint");
    command.args(["--noout", "--nonet", "--schema"]).arg(schema);
    command.arg("-").stdin(Stdio::piped());
    let command = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
    let mut child = started(command, "xmllint", "libxml2-utils");
    let mut input = child.stdin.take().unwrap();
    input.write_all(xml).unwrap();
    drop(input);
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.success(), said)
}

/// The cases beside those of the responses: an info on polls that are in different files.
const ACROSS: u64 = 1;

#[test]
fn all_bodies_follow_the_schema() {
    for fail_on in [None, Some(Severity::Error), Some(Severity::Info)] {
        let mut xml = Vec::new();
        let summary = validate_all(&mut JUnit::new(&mut xml, fail_on));
        let (follows, said) = follows_the_schema(&xml);
        assert!(follows, "{said}");
        let text = String::from_utf8(xml).unwrap();
        let failures = match fail_on {
            None => 0,
            Some(Severity::Error) => summary.verdicts.violates,
            _ => summary.verdicts.violates + summary.verdicts.drifts + ACROSS,
        };
        let totals = format!(
            "<testsuites name=\"seedance-query\" tests=\"{}\" failures=\"{failures}\" errors=\"0\">",
            summary.responses + ACROSS
        );
        assert!(text.contains(&totals), "{totals} is not in {text}");
        assert_eq!(text.matches("<failure ").count() as u64, failures);
    }
}

#[test]
fn hostile_names_and_values_follow_the_schema() {
    let mut session = Session::new();
    let mut xml = Vec::new();
    let mut output = JUnit::new(&mut xml, Some(Severity::Info));
    let body = "{\"\\u0000\\u001b[1m]]>\\uffff<x a='\\\"&\":\"\\u0001\\ud83d\\ude00]]>\",\
                \"code\":\"success\",\"message\":\"\",\"data\":{\"status\":\"\\u0008<&>\"}}";
    for input in ["<a & 'b'> \"c\" \u{1}\u{fffe}", "ä\u{1f600}\r\n\t"] {
        let validated = session.validate(Source::whole(input), None, None, body.as_bytes());
        assert!(validated.report.findings().len() > 1);
        output.response(&validated).unwrap();
    }
    output.end(&session.summary()).unwrap();
    let (follows, said) = follows_the_schema(&xml);
    assert!(follows, "{said}");
    let text = String::from_utf8(xml).unwrap();
    assert!(text.contains("\\u{1b}[1m]]&gt;\\u{ffff}&lt;x a="), "{text}");
}

#[test]
fn the_schema_rejects_a_changed_document() {
    let mut xml = Vec::new();
    validate_all(&mut JUnit::new(&mut xml, Some(Severity::Error)));
    let text = String::from_utf8(xml).unwrap();
    for (part, other) in [
        ("<testcase name=", "<testcase title="),
        ("<failure ", "<failed "),
        (" errors=\"0\">", " errors=\"0\" mood=\"good\">"),
    ] {
        let changed = text.replacen(part, other, 1);
        let changed = changed.replacen(&part.replace('<', "</"), &other.replace('<', "</"), 1);
        assert_ne!(changed, text);
        assert!(
            !follows_the_schema(changed.as_bytes()).0,
            "{other} is accepted"
        );
    }
}
