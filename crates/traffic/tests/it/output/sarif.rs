//! The log against the schema of SARIF 2.1.0.

use std::fs;

use jsonschema::Validator;
use seedance_query::Rule;
use seedance_traffic::{RuleCount, Summary, output::sarif::Sarif};
use serde_json::{Value, json};

use super::validate_all;
use seedance_testing::{files::root, package::package};

/// The schema is shipped by `serde-sarif`.
fn schema() -> Validator {
    let path = package("serde-sarif").join("src/schema.json");
    let text = fs::read_to_string(path).unwrap();
    // The pattern of a language, which is not written, has a bracket that is not escaped.
    let text = text.replace("[a-zA-Z]{2}]?$", r"[a-zA-Z]{2}\\]?$");
    let schema: Value = serde_json::from_str(&text).unwrap();
    let options = jsonschema::draft7::options().should_validate_formats(true);
    options.build(&schema).unwrap()
}

pub fn log() -> (Value, Summary) {
    let mut log = Vec::new();
    let summary = validate_all(&mut Sarif::new(&mut log));
    (serde_json::from_slice(&log).unwrap(), summary)
}

#[test]
fn all_bodies_follow_the_schema() {
    let (log, summary) = log();
    if let Err(error) = schema().validate(&log) {
        panic!("{error} at {}", error.instance_path());
    }
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), Rule::ALL.len());
    for (described, rule) in rules.iter().zip(Rule::ALL) {
        assert_eq!(described["help"]["markdown"], rule.explanation());
        assert_eq!(described["helpUri"], rule.help_url());
    }
    let results = run["results"].as_array().unwrap();
    assert!(summary.rules.len() > 30);
    for RuleCount { rule, count, .. } in &summary.rules {
        let results = results
            .iter()
            .filter(|result| result["ruleId"] == rule.id());
        let counts = results.map(|result| result["occurrenceCount"].as_u64().unwrap());
        assert_eq!(counts.sum::<u64>(), *count, "{rule}");
    }
    for result in results {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert_eq!(
            rules[index]["defaultConfiguration"]["level"],
            result["level"]
        );
        let place = &result["locations"][0]["physicalLocation"];
        let path = root().join(place["artifactLocation"]["uri"].as_str().unwrap());
        let lines = fs::read_to_string(&path).unwrap().lines().count().max(1);
        let line = usize::try_from(place["region"]["startLine"].as_u64().unwrap()).unwrap();
        assert!((1..=lines + 1).contains(&line), "{}:{line}", path.display());
    }
}

#[test]
fn a_result_names_line_column_and_pointer() {
    let (log, _) = log();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let result = results.iter().find(|result| {
        let text = result.to_string();
        result["ruleId"] == "wrong-type" && text.contains("9p-numeric-progress.json")
    });
    let place = &result.unwrap()["locations"][0];
    let expected = json!({
        "physicalLocation": {
            "artifactLocation": {"uri": "tests/drift/9p-numeric-progress.json"},
            "region": {"startLine": 12, "startColumn": 17},
        },
        "logicalLocations": [{"fullyQualifiedName": "/data/progress"}],
    });
    assert_eq!(*place, expected);
}

#[test]
fn the_schema_rejects_a_changed_log() {
    let ((log, _), schema) = (log(), schema());
    for (pointer, value) in [
        ("/version", json!("2.0.0")),
        ("/runs/0/results/0/level", json!("fatal")),
        ("/runs/0/results/0/message", json!({"id": 1})),
        ("/runs/0/results/0/occurrenceCount", json!(0)),
        ("/runs/0/tool/driver/name", json!(null)),
        (
            "/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri",
            json!("a b"),
        ),
    ] {
        let mut changed = log.clone();
        *changed.pointer_mut(pointer).unwrap() = value;
        assert!(
            !schema.is_valid(&changed),
            "{pointer} is not validated by the schema"
        );
    }
}
