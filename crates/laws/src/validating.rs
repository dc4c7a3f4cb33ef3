//! Laws about reports.

use std::{collections::BTreeSet, sync::LazyLock};

use seedance_query::{
    CONTRACT_SCHEMA, DOCUMENTATION_SCHEMA, Finding, Report, Rule, Severity, Shape, Verdict,
};
use serde_json::Value;

use super::{json::unambiguous, recorded::Recorded};

// The library's schemas once more, compiled at run time by another code path.
static CONTRACT: LazyLock<jsonschema::Validator> = LazyLock::new(|| compiled(CONTRACT_SCHEMA));
static DOCUMENTATION: LazyLock<jsonschema::Validator> =
    LazyLock::new(|| compiled(DOCUMENTATION_SCHEMA));

fn compiled(schema: &str) -> jsonschema::Validator {
    let schema = serde_json::from_str(schema).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

/// Whether the contract accepts the body of a success.
pub(super) fn keeps_contract(body: &Value) -> bool {
    CONTRACT.is_valid(body)
}

/// All laws about the validator.
pub fn laws(file: &[u8]) {
    let validate = |answer: &Recorded| answer.parsed().report();
    let answer = Recorded::of(file);
    is_consistent(&answer, validate);
    no_success_is_without_json(&answer, validate);
    conforming_is_documented(&answer, validate);
    whitespace_is_no_finding(&answer, validate);
}

/// The verdict follows from the findings; each of them stands in the body, once.
pub fn is_consistent(answer: &Recorded, validate: impl Fn(&Recorded) -> Report) {
    let report = validate(answer);
    assert_eq!(validate(answer), report, "{}", answer.text());
    let findings = report.findings();
    let worst = findings.iter().map(|finding| finding.rule.severity()).max();
    let verdict = match worst {
        None => Verdict::Conforms,
        Some(Severity::Error) => Verdict::Violates,
        Some(_) => Verdict::Drifts,
    };
    assert_eq!(report.verdict(), verdict, "{}", answer.text());
    let mut seen = BTreeSet::new();
    let body = serde_json::from_slice::<Value>(&answer.body).ok();
    for finding in findings {
        let is_new = seen.insert((finding.rule, &finding.pointer));
        assert!(is_new, "{finding} twice\n{}", answer.text());
        assert!(!finding.message.is_empty(), "{finding:?}");
        // A name that is too long is cut, and one with a secret is hidden.
        let is_shown = !finding.pointer.contains('…') && !finding.pointer.contains("REDACTED");
        if let Some(body) = body.as_ref().filter(|_| is_shown) {
            let is_there =
                has_place(body, &finding.pointer, finding.rule) || is_overridden(finding, findings);
            assert!(is_there, "{finding} points nowhere\n{}", answer.text());
        }
    }
}

/// Whether there is something at a place, or, if something is missing there, around it.
fn has_place(body: &Value, pointer: &str, rule: Rule) -> bool {
    if rule == Rule::TooManyFindings || is_there(body, pointer) {
        return true;
    }
    let holder = pointer.rsplit_once('/').map_or("", |(holder, _)| holder);
    match rule {
        // Several levels can be missing.
        Rule::SuperResolutionIncomplete => pointer.starts_with('/'),
        Rule::MissingField
        | Rule::OmittedField
        | Rule::NoResultUrl
        | Rule::LegacyResultUrl
        | Rule::FailureWithoutReason => is_there(body, holder),
        _ => false,
    }
}

/// Whether a duplicate key is within the value of another one, which a parser does not keep.
fn is_overridden(finding: &Finding, findings: &[Finding]) -> bool {
    let is_around = |other: &&Finding| {
        let within = finding.pointer.strip_prefix(&other.pointer);
        within.is_some_and(|rest| rest.starts_with('/'))
    };
    let mut duplicates = findings
        .iter()
        .filter(|finding| finding.rule == Rule::DuplicateKey);
    finding.rule == Rule::DuplicateKey && duplicates.any(|other| is_around(&other))
}

/// Whether a pointer leads somewhere, also through a text that is JSON again.
fn is_there(body: &Value, pointer: &str) -> bool {
    let mut value = body.clone();
    for token in pointer.split('/').skip(1) {
        if let Value::String(text) = &value {
            value = serde_json::from_str(text).unwrap_or_default();
        }
        let token = format!("/{token}");
        let Some(inner) = value.pointer_mut(&token) else {
            return false;
        };
        value = inner.take();
    }
    true
}

/// What is no JSON is no answer to a query that succeeded.
pub fn no_success_is_without_json(answer: &Recorded, validate: impl Fn(&Recorded) -> Report) {
    let is_json = serde_json::from_slice::<Value>(&answer.body).is_ok();
    if answer.is_success() && !is_json {
        let verdict = validate(answer).verdict();
        assert_eq!(verdict, Verdict::Violates, "{}", answer.text());
    }
}

/// The schemas accept what conforms, however fast that was found.
pub fn conforming_is_documented(answer: &Recorded, validate: impl Fn(&Recorded) -> Report) {
    let report = validate(answer);
    if report.verdict() == Verdict::Conforms && report.shape() != Some(Shape::Error) {
        let body = serde_json::from_slice::<Value>(&answer.body);
        let body = body.unwrap_or_else(|error| panic!("{error}\n{}", answer.text()));
        assert!(DOCUMENTATION.is_valid(&body), "{}", answer.text());
        assert!(keeps_contract(&body), "{}", answer.text());
    }
}

/// A body says the same with other whitespace and with its members in another order.
pub fn whitespace_is_no_finding(answer: &Recorded, validate: impl Fn(&Recorded) -> Report) {
    let Some(value) = unambiguous(&answer.body) else {
        return;
    };
    let other = answer.with_body(serde_json::to_vec_pretty(&value).unwrap());
    let (report, of_other) = (validate(answer), validate(&other));
    let is_cut = |report: &Report| {
        let mut findings = report.findings().iter();
        findings.any(|finding| finding.rule == Rule::TooManyFindings)
    };
    // Which of too many are shown depends on their order.
    if !is_cut(&report) && !is_cut(&of_other) {
        assert_eq!(of_other.shape(), report.shape(), "{}", answer.text());
        let (places, of_other) = (places(&report), places(&of_other));
        assert_eq!(of_other, places, "{}\n{}", answer.text(), other.text());
    }
}

fn places(report: &Report) -> BTreeSet<(Rule, &str)> {
    let findings = report.findings().iter();
    findings
        .map(|finding| (finding.rule, &*finding.pointer))
        .collect()
}
