//! What a document that is read at run time finds in a body is what the compiled one finds.

use std::{collections::BTreeSet, fs};

use seedance_diff::{Captures, Spec};
use seedance_query::{
    Finding, OPENAPI, Rule, Severity, Verdict, capture::Capture, validate, validate_response,
};

use super::{edited, spec};
use seedance_testing::files::files;

/// Every body in `tests/`, with its HTTP status if it has one.
fn bodies() -> Vec<(String, Option<u16>, Vec<u8>)> {
    let files = [files("tests/captures"), files("tests/drift")].concat();
    files
        .iter()
        .map(|path| {
            let bytes = fs::read(path).unwrap();
            let name = path.display().to_string();
            match Capture::parse(&bytes) {
                Ok(capture) => (name, Some(capture.status.as_u16()), capture.body),
                Err(_) => (name, None, bytes),
            }
        })
        .collect()
}

/// The places of the errors that a schema can find.
fn breaches(findings: &[Finding]) -> BTreeSet<String> {
    let of_schemas = [
        Rule::MissingField,
        Rule::WrongType,
        Rule::WrongValue,
        Rule::UnknownStatus,
    ];
    let found = findings
        .iter()
        .filter(|finding| of_schemas.contains(&finding.rule));
    found.map(|finding| finding.pointer.clone()).collect()
}

#[test]
fn the_document_judges_as_the_library_does() {
    let spec = Spec::parse("spec.yaml", OPENAPI).unwrap();
    let (mut rejected, mut departing) = (0, 0);
    for (name, status, body) in bodies() {
        let report = match status {
            Some(status) => validate_response(status, &body),
            None => validate(&body),
        };
        let findings = spec.findings(status, &body);
        let found = breaches(&findings);
        // The library reads an empty text as absent, so that it selects no shape; a schema cannot.
        let has_empty = report.findings().iter().any(|f| f.rule == Rule::EmptyValue);
        if !found.is_empty() && !has_empty {
            assert_eq!(report.verdict(), Verdict::Violates, "{name}: {findings:?}");
            rejected += 1;
        }
        // A task without its envelope is looked at as if it had one.
        let is_bare = report.findings().iter().any(|f| f.rule == Rule::NoEnvelope);
        let told = breaches(report.findings());
        assert!(
            is_bare || told.is_subset(&found),
            "{name}: {told:?} {found:?}"
        );
        departing += usize::from(findings.len() > found.len());
    }
    assert!(rejected >= 5 && departing >= 5, "{rejected} {departing}");
}

#[test]
fn captures_are_named_with_what_rejects_them() {
    let old = spec("old.yaml", OPENAPI);
    let new = spec(
        "new.yaml",
        &edited(&[
            (
                "x-extensible-enum: [generate, referenceGenerate, firstTailGenerate, omniGenerate]",
                "enum: [generate, referenceGenerate]",
            ),
            (
                "          description: Why the upstream failed.\n",
                "          description: Why the upstream failed.\n          x-presence: always\n",
            ),
        ])
        // Only the failed example has an error.
        .replacen(
            "            id: cgt-20260529042643-k7m2x\n    Normal",
            "            id: cgt-20260529042643-k7m2x\n            error: {code: a, message: b}\n    Normal",
            1,
        )
        .replace(
            "            created_at: 1780000003",
            "            error: {code: a, message: b}\n            created_at: 1780000003",
        )
        .replace(
            "            created_at: 1780000202",
            "            error: {code: a, message: b}\n            created_at: 1780000202",
        ),
    );
    let mut captures = Captures::between(&old, &new);
    let bodies = bodies();
    for (name, status, body) in &bodies {
        captures.validate(name, *status, body);
    }
    assert_eq!(captures.validated(), bodies.len());
    let uses = |value: &str| {
        let text = format!("\"action\": \"{value}\"");
        let named = bodies
            .iter()
            .filter(|(.., body)| String::from_utf8_lossy(body).contains(&text));
        named
            .map(|(name, ..)| name.as_str())
            .collect::<BTreeSet<_>>()
    };
    let expected: BTreeSet<&str> = uses("omniGenerate")
        .union(&uses("firstTailGenerate"))
        .copied()
        .collect();
    assert!(!expected.is_empty());
    let rejected: BTreeSet<&str> = captures
        .rejected()
        .iter()
        .map(|capture| capture.source.as_str())
        .filter(|name| expected.contains(name))
        .collect();
    assert_eq!(rejected, expected);
    for capture in captures.rejected() {
        assert!(
            capture.findings.iter().all(|finding| {
                finding.severity() == Severity::Error && finding.pointer == "/data/action"
            }),
            "{capture:?}"
        );
    }
    let departures = captures.departures();
    assert!(
        departures
            .iter()
            .any(|capture| capture.findings.iter().any(|finding| {
                finding.rule == Rule::OmittedField && finding.pointer == "/data/data/error"
            }))
    );
}

#[test]
fn the_same_document_affects_no_capture() {
    let (old, new) = (spec("old.yaml", OPENAPI), spec("new.yaml", OPENAPI));
    let mut captures = Captures::between(&old, &new);
    for (name, status, body) in bodies() {
        captures.validate(&name, status, &body);
    }
    assert!(captures.rejected().is_empty() && captures.departures().is_empty());
}
