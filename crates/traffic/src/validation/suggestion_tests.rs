//! Suggestions are put where they say, into the text of the document: it is still read, and the
//! finding is gone.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::suggestion::addition;
use crate::input::yaml_to_json;
use seedance_query::{
    OPENAPI, Verdict,
    model::pointer::join,
    validate::{Report, Rule, validate_exchange},
};
use seedance_spec::{Document, Positions, Reading, pointer::Pointer, read};

/// The paths whose answers are judged, with the schema of each.
const OPERATIONS: [(&str, u16, &str); 4] = [
    ("/v1/video/generations/", 200, "TaskQueryResponse"),
    ("/v1/videos/", 200, "VideoObject"),
    ("/v1/generation/tasks/", 200, "ContentList"),
    ("/v1/video/generations/", 404, "ErrorBody"),
];

/// Inserts suggestions into the text of the document, indented as they have to be there.
fn put<'a>(suggestions: impl Iterator<Item = &'a str>) -> String {
    let positions = Positions::of(OPENAPI);
    let at_line = suggestions.map(|yaml| {
        let (comment, addition) = yaml.split_once('\n').unwrap();
        let place = Pointer::parse(comment.strip_prefix("# to #").unwrap());
        let (line, column) = positions.position(&place).unwrap();
        (line, column, addition)
    });
    let mut at_line: Vec<(usize, usize, &str)> = at_line.collect();
    // From the end, so that the lines before stay where they are.
    at_line.sort_unstable();
    let mut lines: Vec<String> = OPENAPI.lines().map(str::to_owned).collect();
    for (line, column, addition) in at_line.into_iter().rev() {
        let key = &lines[line - 1];
        if let Some(item) = addition.strip_prefix("- ") {
            // The lists of values are in brackets, and may go on in the next line.
            assert!(key.contains('['), "{key}");
            let mut ends = (line - 1..).filter(|line| lines[*line].contains(']'));
            let end = ends.next().unwrap();
            let at = lines[end].rfind(']').unwrap();
            lines[end].insert_str(at, &format!(", {}", item.trim_end()));
        } else {
            assert!(key.trim_end().ends_with(':'), "{key}");
            let indent = " ".repeat(column - 1 + 2);
            let addition = addition.trim_end().replace('\n', &format!("\n{indent}"));
            lines.insert(line, format!("{indent}{addition}"));
        }
    }
    lines.join("\n")
}

/// The readings of the document with these suggestions.
fn schemas_with<'a>(suggestions: impl Iterator<Item = &'a str>) -> [jsonschema::Validator; 4] {
    let text = put(suggestions);
    let document = read(&text).unwrap_or_else(|problem| panic!("{problem:?}"));
    OPERATIONS.map(|(_, _, name)| schema(&document, name))
}

/// What is found in an answer of an operation about its own task.
fn report(operation: usize, body: &Value) -> Report {
    let (path, status, _) = OPERATIONS[operation];
    let id = body.get("id").or_else(|| body.pointer("/data/task_id"));
    let id = id.and_then(Value::as_str).unwrap_or("task_1");
    validate_exchange(&format!("{path}{id}"), status, body.to_string().as_bytes())
}

/// The documentation reading of a body.
fn schema(document: &Document, name: &str) -> jsonschema::Validator {
    let schema = match name {
        "TaskQueryResponse" => document.success(Reading::Documentation),
        "ErrorBody" => document.error(Reading::Documentation),
        name => document.body(name, Reading::Documentation),
    };
    let schema = schema.unwrap_or_else(|problem| panic!("{problem:?}"));
    jsonschema::draft202012::new(&schema).unwrap()
}

/// The examples of the document that conform as answers of an operation.
fn bodies() -> Vec<(usize, Value)> {
    let document: Value = serde_json::from_str(&yaml_to_json(OPENAPI).unwrap()[0]).unwrap();
    let examples = document["components"]["examples"].as_object().unwrap();
    let mut bodies = Vec::new();
    for example in examples.values() {
        let body = &example["value"];
        for operation in 0..OPERATIONS.len() {
            if body.is_object() && report(operation, body).verdict() == Verdict::Conforms {
                bodies.push((operation, body.clone()));
            }
        }
    }
    bodies
}

/// The pointers of all objects in a value.
fn objects(value: &Value, at: String, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                objects(member, join(&at, name), found);
            }
            found.push(at);
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                objects(item, join(&at, &index.to_string()), found);
            }
        }
        _ => {}
    }
}

/// The names of all members that a part of the document describes.
fn documented_names(schemas: &Value, names: &mut BTreeSet<String>) {
    if let Some(properties) = schemas.get("properties").and_then(Value::as_object) {
        names.extend(properties.keys().cloned());
    }
    let parts = schemas
        .as_object()
        .into_iter()
        .flat_map(|members| members.values());
    parts.for_each(|part| documented_names(part, names));
}

/// An answer with an undocumented member or value, and the suggestion for it.
struct Case {
    operation: usize,
    body: Value,
    pointer: String,
    yaml: String,
}

/// One case for each place of the document and kind of value, by kind; and the places of the
/// document that nothing is suggested for.
fn undocumented_members(
    names: &BTreeSet<String>,
) -> (Vec<BTreeMap<String, Case>>, BTreeSet<String>) {
    let kinds = [
        json!("x"),
        json!(17),
        json!(0.5),
        json!(true),
        json!(null),
        json!([1]),
        json!({ "a": 1 }),
    ];
    let mut cases: Vec<BTreeMap<String, Case>> = kinds.iter().map(|_| BTreeMap::new()).collect();
    let mut without = BTreeSet::new();
    for (operation, body) in bodies() {
        let mut places = Vec::new();
        objects(&body, String::new(), &mut places);
        for place in places {
            // Of a member that no schema has, and of those that another schema or shape has.
            let others = ["zz_new", "no", "X-Trace"].into_iter();
            for (number, member) in others.chain(names.iter().map(String::as_str)).enumerate() {
                let kind = number % kinds.len();
                let mut changed = body.clone();
                let object = changed
                    .pointer_mut(&place)
                    .unwrap()
                    .as_object_mut()
                    .unwrap();
                if object.contains_key(member) {
                    continue;
                }
                object.insert(member.to_owned(), kinds[kind].clone());
                let pointer = join(&place, member);
                let report = report(operation, &changed);
                let mut findings = report.findings().iter();
                let finding = findings.find(|finding| {
                    finding.rule == Rule::UndocumentedField && finding.pointer == pointer
                });
                let Some(finding) = finding else {
                    continue;
                };
                if let Some(yaml) = addition(finding) {
                    let at = yaml.lines().next().unwrap().to_owned();
                    let body = changed;
                    cases[kind].entry(at).or_insert(Case {
                        operation,
                        body,
                        pointer,
                        yaml,
                    });
                } else if finding.related.is_none() {
                    without.insert(finding.object.as_deref().unwrap_or_default().to_owned());
                }
            }
        }
    }
    (cases, without)
}

#[test]
fn every_suggestion_resolves_its_finding_in_every_schema() {
    let original = read(OPENAPI).unwrap();
    let before = OPERATIONS.map(|(_, _, name)| schema(&original, name));
    let mut names = BTreeSet::new();
    documented_names(&original.json["components"]["schemas"], &mut names);
    let (kinds, without) = undocumented_members(&names);
    // Of other names for each kind of value, so that all have room in one document.
    let cases = || kinds.iter().flat_map(BTreeMap::values);
    let after = schemas_with(cases().map(|case| case.yaml.as_str()));
    for case in cases() {
        let name = case.pointer.rsplit('/').next().unwrap();
        let is_named = |schema: &jsonschema::Validator| {
            let mut errors = schema
                .iter_errors(&case.body)
                .map(|error| error.to_string());
            errors.any(|error| error.contains(&format!("'{name}'")))
        };
        // A null is taken out before a schema sees it.
        let is_null = case.body.pointer(&case.pointer).unwrap().is_null();
        let yaml = &case.yaml;
        assert!(is_null || is_named(&before[case.operation]), "{yaml}");
        assert!(
            !is_named(&after[case.operation]),
            "{} in spite of\n{yaml}",
            case.pointer
        );
    }
    let places: BTreeSet<&String> = kinds.iter().flat_map(BTreeMap::keys).collect();
    let tried = cases().count();
    println!("{tried} suggestions at {places:#?}, none for {without:?}");
    assert!(places.len() >= 16, "{places:#?}");
    // Which of the forms of an error has the member is not known.
    assert_eq!(
        without,
        BTreeSet::from(["/components/schemas/ErrorBody".to_owned()])
    );
}

#[test]
fn a_value_that_is_added_to_its_set_is_documented() {
    let mut cases: BTreeMap<String, Case> = BTreeMap::new();
    for (operation, body) in bodies() {
        let mut places = Vec::new();
        objects(&body, String::new(), &mut places);
        for place in places {
            let members = body.pointer(&place).unwrap().as_object().unwrap();
            for member in members.keys() {
                let pointer = join(&place, member);
                let mut changed = body.clone();
                *changed.pointer_mut(&pointer).unwrap() = "remix".into();
                let report = report(operation, &changed);
                let mut findings = report.findings().iter();
                let finding = findings.find(|finding| {
                    finding.rule == Rule::UndocumentedValue && finding.pointer == pointer
                });
                if let Some(yaml) = finding.and_then(addition) {
                    let body = changed;
                    cases.insert(
                        yaml.clone(),
                        Case {
                            operation,
                            body,
                            pointer,
                            yaml,
                        },
                    );
                }
            }
        }
    }
    let after = schemas_with(cases.keys().map(String::as_str));
    for case in cases.values() {
        let errors = after[case.operation].iter_errors(&case.body);
        let mut errors = errors.map(|error| error.to_string());
        let left = errors.find(|error| error.contains("remix"));
        assert_eq!(left, None, "{} in spite of {}", case.pointer, case.yaml);
    }
    assert!(cases.len() > 5, "{:?}", cases.keys());
}

#[test]
fn what_is_another_spelling_or_is_cut_is_not_suggested() {
    let task = |members: &str| {
        let body = format!(
            r#"{{"code":"success","message":"","data":{{{members},
                "task_id":"asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F","status":"QUEUED",
                "start_time":0,"finish_time":0,"progress":"0%","request_id":"r"}}}}"#
        );
        let report = report(0, &serde_json::from_str(&body).unwrap());
        let additions: Vec<String> = report.findings().iter().filter_map(addition).collect();
        additions
    };
    let suggested = task(r#""submit_time":1780000000,"action":"remix""#);
    let expected =
        "# to #/components/schemas/TaskCommon/properties/action/x-extensible-enum\n- \"remix\"\n";
    assert_eq!(suggested, [expected]);
    let long = format!(r#""submit_time":1780000000,"action":"{}""#, "x".repeat(90));
    assert_eq!(task(&long), [""; 0]);
    assert_eq!(
        task(r#""action":"generate","submitTime":1780000000"#),
        [""; 0]
    );
}
