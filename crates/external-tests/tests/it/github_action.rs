//! `action.yml`: checked by actionlint, and its steps run as a runner runs them.

use std::{collections::HashMap, fs, os::unix::fs::symlink, process::Command};

use saphyr::{LoadableYamlNode, Yaml};
use seedance_external_tests::{Repository, seedance_query, started};
use seedance_query::OPENAPI;
use seedance_testing::files::{captured_body, root};
use tempfile::TempDir;

const DOCUMENT: &str = "openapi/gateway.yaml";

#[test]
fn the_workflow_that_uses_it_is_valid() {
    let mut command = Command::new("actionlint");
    let output = started(command.current_dir(root()).output(), "actionlint", "Go");
    assert!(output.status.success(), "{output:?}");
}

/// Runs the steps that these inputs ask for; whether all succeeded, and what was printed.
fn run(repository: &Repository, given: &[(&str, &str)]) -> (bool, String) {
    let text = fs::read_to_string(root().join("action.yml")).unwrap();
    let document = &Yaml::load_from_str(&text).unwrap()[0];
    let temp = TempDir::new().unwrap();
    let bin = temp.path().join("seedance-query/bin");
    fs::create_dir_all(&bin).unwrap();
    symlink(seedance_query(), bin.join("seedance-query")).unwrap();

    let mut inputs: HashMap<String, String> = HashMap::new();
    for (name, input) in document["inputs"].as_mapping().unwrap() {
        let default = input["default"].as_str().unwrap();
        inputs.insert(name.as_str().unwrap().to_owned(), default.to_owned());
    }
    for (name, value) in given {
        assert!(inputs.contains_key(*name), "{name}");
        inputs.insert((*name).to_owned(), (*value).to_owned());
    }

    let mut printed = String::new();
    for step in document["runs"]["steps"].as_sequence().unwrap() {
        let condition = step.as_mapping_get("if").and_then(Yaml::as_str);
        let Some(input) = condition.and_then(|condition| condition.strip_prefix("inputs.")) else {
            continue; // the installation
        };
        let (input, _) = input.split_once(" != ''").unwrap();
        if inputs[input].is_empty() {
            continue;
        }
        let script = step["run"].as_str().unwrap();
        // A value that is put into the script could be a command.
        assert!(!script.contains("${{"), "{script}");
        let mut command = Command::new("bash");
        command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script]);
        for (name, value) in step["env"].as_mapping().unwrap() {
            let mut value = value.as_str().unwrap().to_owned();
            value = value.replace("${{ runner.temp }}", temp.path().to_str().unwrap());
            for (input, given) in &inputs {
                value = value.replace(&format!("${{{{ inputs.{input} }}}}"), given);
            }
            assert!(!value.contains("${{"), "{value}");
            command.env(name.as_str().unwrap(), value);
        }
        let output = repository.run(&mut command);
        printed += &String::from_utf8_lossy(&output.stdout);
        printed += &String::from_utf8_lossy(&output.stderr);
        if !output.status.success() {
            return (false, printed);
        }
    }
    (true, printed)
}

#[test]
fn recordings_are_annotated() {
    let body = String::from_utf8(captured_body("pending-queued.http")).unwrap();
    let odd = body.replace("\"task_id\"", "\"id_of_task\"");
    let repository = Repository::with(&[("good one/a.json", &body), ("odd.json", &odd)]);
    let (is_passed, out) = run(&repository, &[("recordings", "good one\n")]);
    assert!(is_passed, "{out}");
    let (is_passed, out) = run(&repository, &[("recordings", "good one\nodd.json")]);
    assert!(!is_passed, "{out}");
    assert!(out.contains("::error file=odd.json,line="), "{out}");
    let never = [("recordings", "odd.json"), ("fail-on", "never")];
    assert!(run(&repository, &never).0);
    // An input is data.
    let hostile = [("recordings", "$(touch x); touch x")];
    let (is_passed, out) = run(&repository, &hostile);
    assert!(!is_passed && out.contains("$(touch x)"), "{out}");
    assert!(!repository.path().join("x").exists());
    let timeline = [
        ("recordings", "good one"),
        ("arguments", "--timeline\n--summary"),
    ];
    let (is_passed, out) = run(&repository, &timeline);
    assert!(is_passed, "{out}");
}

#[test]
fn documents_are_compared_with_the_base() {
    let repository = Repository::with(&[(DOCUMENT, OPENAPI)]);
    repository.commit(&[]);
    let given = [("documents", DOCUMENT), ("since", "HEAD^")];
    let (is_passed, out) = run(&repository, &given);
    assert!(is_passed, "{out}");
    let edited = OPENAPI.replace("original_result_url:", "first_result_url:");
    repository.commit(&[(DOCUMENT, &edited)]);
    let (is_passed, out) = run(&repository, &given);
    assert!(!is_passed, "{out}");
    assert!(out.contains("original_result_url"), "{out}");
}
