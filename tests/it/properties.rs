//! What holds for every body: the contract and the types agree, the fast way and the schemas agree,
//! and a report is well formed.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use seedance_query::{
    CONTRACT_SCHEMA, DOCUMENTATION_SCHEMA, Rule, Shape, Verdict, decode, types::TaskQueryResponse,
    validate, validate_response,
};
use serde_json::Value;

use seedance_testing::{arbitrary, files::read_all};

fn parsed(schema: &str) -> Value {
    serde_json::from_str(schema).unwrap()
}

static CONTRACT: LazyLock<Value> = LazyLock::new(|| parsed(CONTRACT_SCHEMA));
static DOCUMENTATION: LazyLock<Value> = LazyLock::new(|| parsed(DOCUMENTATION_SCHEMA));

// The same schemas as the library's compiled ones, compiled at run time by another code path.
static KEEPS_CONTRACT: LazyLock<jsonschema::Validator> =
    LazyLock::new(|| jsonschema::validator_for(&CONTRACT).unwrap());
static IS_DOCUMENTED: LazyLock<jsonschema::Validator> =
    LazyLock::new(|| jsonschema::validator_for(&DOCUMENTATION).unwrap());

/// Bodies as the contract describes them, and as the documentation does.
fn bodies() -> impl Strategy<Value = Value> {
    prop_oneof![
        1 => arbitrary::body(&CONTRACT),
        2 => arbitrary::body(&DOCUMENTATION),
    ]
}

/// Bodies of which many conform.
fn likely_bodies() -> impl Strategy<Value = Value> {
    let captured = read_all("tests/captures").into_iter();
    let tasks = captured.filter(|body| body.report.shape() != Some(Shape::Error));
    let parsed = tasks.map(|body| serde_json::from_slice(&body.bytes).unwrap());
    arbitrary::near(&DOCUMENTATION, parsed.collect())
}

/// A body as text; some gateways escape what could be HTML, and URLs are full of it.
fn escaped(body: &Value, escapes: bool) -> String {
    let text = body.to_string();
    if escapes {
        text.replace('&', "\\u0026")
    } else {
        text
    }
}

/// The shape of a task in which nothing is found, and whose integers serde takes for integers.
fn shape_in_one_pass(body: &Value, text: &str) -> Option<Shape> {
    let report = validate(text.as_bytes());
    let shape = report.shape().filter(|shape| *shape != Shape::Error);
    shape.filter(|_| report.verdict() == Verdict::Conforms && !has_float(body))
}

fn has_float(value: &Value) -> bool {
    match value {
        Value::Number(number) => number.is_f64(),
        Value::Array(items) => items.iter().any(has_float),
        Value::Object(members) => members.values().any(has_float),
        _ => false,
    }
}

/// So many cases that each shape is made thousands of times.
fn many() -> ProptestConfig {
    ProptestConfig {
        cases: 4096,
        failure_persistence: None,
        max_global_rejects: 1 << 20,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(many())]

    #[test]
    fn what_the_contract_accepts_the_types_decode(body in bodies()) {
        if KEEPS_CONTRACT.is_valid(&body) {
            let text = body.to_string();
            let response = decode(text.as_bytes());
            prop_assert!(response.is_ok(), "{response:?}\n{text}");
            let shape = validate(text.as_bytes()).shape();
            prop_assert_eq!(Some(response.unwrap().data.shape()), shape);
        }
    }

    #[test]
    fn what_the_types_read_of_a_body_that_keeps_the_contract_keeps_it_too(body in bodies()) {
        if KEEPS_CONTRACT.is_valid(&body) {
            let response = decode(body.to_string().as_bytes()).unwrap();
            let encoded = serde_json::to_value(&response).unwrap();
            let errors: Vec<_> = KEEPS_CONTRACT.iter_errors(&encoded).map(|e| e.to_string()).collect();
            prop_assert!(errors.is_empty(), "{errors:?}\n{encoded}");
            let again = decode(encoded.to_string().as_bytes()).unwrap();
            prop_assert_eq!(again, response);
        }
    }

    #[test]
    fn conforming_is_what_the_documentation_accepts(body in bodies()) {
        let report = validate(body.to_string().as_bytes());
        if report.verdict() == Verdict::Conforms && report.shape() != Some(Shape::Error) {
            prop_assert!(IS_DOCUMENTED.is_valid(&body), "{body}");
        }
        if !KEEPS_CONTRACT.is_valid(&body) && body.get("code") == Some(&"success".into()) && body.get("error").is_none() {
            // Values in a known other form are used, and named as such; an empty text is absent.
            let other_form = [
                Rule::OtherForm,
                Rule::OtherSpelling,
                Rule::WrappedValue,
                Rule::EmptyValue,
            ];
            let is_used = report.findings().iter().any(|finding| other_form.contains(&finding.rule));
            prop_assert!(report.verdict() == Verdict::Violates || is_used, "{body}");
        }
    }

    #[test]
    fn decode_reads_what_serde_reads(
        body in prop_oneof![3 => likely_bodies(), 1 => bodies(), 1 => arbitrary::json()],
        escapes in any::<bool>(),
    ) {
        let text = escaped(&body, escapes);
        let by_serde = serde_json::from_str::<TaskQueryResponse>(&text);
        let by_value = serde_json::from_value::<TaskQueryResponse>(body);
        let read = decode(text.as_bytes());
        prop_assert_eq!(read.as_ref().ok(), by_serde.as_ref().ok(), "{}", text);
        prop_assert_eq!(read.ok(), by_value.ok(), "{}", text);
    }

    #[test]
    fn a_report_is_well_formed(body in prop_oneof![3 => bodies(), 1 => arbitrary::json()], status in 100_u16..600) {
        let text = body.to_string();
        for report in [validate(text.as_bytes()), validate_response(status, text.as_bytes())] {
            let mut seen = BTreeSet::new();
            for finding in report.findings() {
                prop_assert!(seen.insert((finding.pointer.clone(), finding.rule)), "{finding} twice\n{text}");
                let parent = finding.pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
                let missing = matches!(
                    finding.rule,
                    Rule::MissingField | Rule::OmittedField | Rule::SuperResolutionIncomplete
                        | Rule::NoResultUrl | Rule::LegacyResultUrl | Rule::FailureWithoutReason
                );
                // A member whose name is a secret, or a URL with one, is not named.
                let is_hidden = finding.pointer.contains('…') || finding.pointer.contains("REDACTED");
                if is_hidden || finding.rule == Rule::TooManyFindings {
                    continue;
                }
                let is_there = body.pointer(&finding.pointer).is_some();
                prop_assert!(is_there || missing, "{finding} points nowhere\n{text}");
                let holder_is_there = body.pointer(parent).is_some();
                prop_assert!(
                    holder_is_there || finding.rule == Rule::SuperResolutionIncomplete,
                    "{finding} has no holder\n{text}"
                );
            }
        }
    }

    #[test]
    fn no_bytes_are_too_much(bytes in prop::collection::vec(any::<u8>(), 0..256), status in 100_u16..600) {
        let report = validate(&bytes);
        prop_assert!(report.verdict() == Verdict::Violates || serde_json::from_slice::<Value>(&bytes).is_ok());
        let _ = validate_response(status, &bytes);
    }
}

/// The properties above would hold for bodies that are never accepted, too: these are.
#[test]
fn the_bodies_are_of_every_shape_on_both_sides() {
    let mut runner = TestRunner::deterministic();
    let strategy = bodies();
    let mut accepted: BTreeMap<&str, usize> = BTreeMap::new();
    let (mut decoded_only, mut rejected, mut conforming) = (0, 0, 0);
    // Each null of an optional member is a finding, so that few bodies conform.
    for _ in 0..8192 {
        let body = strategy.new_tree(&mut runner).unwrap().current();
        let text = body.to_string();
        let report = validate(text.as_bytes());
        if KEEPS_CONTRACT.is_valid(&body) {
            *accepted
                .entry(report.shape().map_or("none", Shape::name))
                .or_default() += 1;
        } else if decode(text.as_bytes()).is_ok() {
            decoded_only += 1;
        } else {
            rejected += 1;
        }
        conforming += usize::from(report.verdict() == Verdict::Conforms);
    }
    for shape in ["pending", "normal", "super_resolution", "failure"] {
        assert!(
            accepted.get(shape).is_some_and(|count| *count >= 100),
            "{shape}: {accepted:?}"
        );
    }
    assert!(
        decoded_only >= 10,
        "{decoded_only} bodies were decoded but not accepted"
    );
    assert!(rejected >= 1000, "{rejected} bodies were rejected");
    assert!(conforming >= 5, "{conforming} bodies conformed");
}

/// The same for the bodies that are to be read in one pass: they are of every shape and differ.
#[test]
fn the_likely_bodies_are_read_in_one_pass() {
    let mut runner = TestRunner::deterministic();
    let strategy = likely_bodies();
    let mut read: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for _ in 0..4096 {
        let body = strategy.new_tree(&mut runner).unwrap().current();
        let text = escaped(&body, false);
        if let Some(shape) = shape_in_one_pass(&body, &text) {
            read.entry(shape.name()).or_default().insert(text);
        }
    }
    for shape in ["pending", "normal", "super_resolution", "failure"] {
        let count = read.get(shape).map_or(0, BTreeSet::len);
        assert!(count >= 50, "{shape}: {count} bodies");
    }
}
