//! No single fault costs a video: each example of the document, with each fault that one member or
//! the envelope can have.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use futures_util::{StreamExt, stream};
use saphyr::{LoadableYamlNode, Scalar, Yaml};
use seedance_mock::{Gateway, Scenario, Video, task_id};
use seedance_query::{
    Client, OPENAPI, Outcome, TaskId, TaskState, TaskView, model::operation::QUERY,
    validate::ParsedBody,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use seedance_testing::{
    http_server::Server,
    replies::{ok, response},
};

/// The finished examples, the pending one, and the failed one.
const FINISHED: [&str; 2] = ["Normal", "SuperResolution"];

/// An example of the document with a single fault.
#[derive(Clone)]
struct Case {
    example: &'static str,
    fault: String,
    body: Vec<u8>,
}

fn example(name: &str) -> Value {
    let document = Yaml::load_from_str(OPENAPI).unwrap();
    json_of(&document[0]["components"]["examples"][name]["value"])
}

fn json_of(yaml: &Yaml<'_>) -> Value {
    match yaml {
        Yaml::Value(Scalar::Boolean(boolean)) => (*boolean).into(),
        Yaml::Value(Scalar::Integer(number)) => (*number).into(),
        Yaml::Value(Scalar::String(text)) => text.as_ref().into(),
        Yaml::Value(Scalar::Null) => Value::Null,
        Yaml::Mapping(members) => members
            .iter()
            .map(|(name, value)| (name.as_str().unwrap().to_owned(), json_of(value)))
            .collect(),
        other => panic!("not in an example: {other:?}"),
    }
}

/// The pointers to all members of a value.
fn members(value: &Value, at: &str, found: &mut Vec<String>) {
    for (name, member) in value.as_object().into_iter().flatten() {
        let at = format!("{at}/{name}");
        found.push(at.clone());
        members(member, &at, found);
    }
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |all, word| {
        let (head, tail) = word.split_at(1);
        all + &head.to_uppercase() + tail
    })
}

fn without(body: &Value, pointer: &str) -> (Value, Value, String) {
    let mut body = body.clone();
    let (holder, name) = pointer.rsplit_once('/').unwrap();
    let holder = body.pointer_mut(holder).unwrap().as_object_mut().unwrap();
    let member = holder.remove(name).unwrap();
    (body, member, name.to_owned())
}

fn with(body: &Value, pointer: &str, value: Value) -> Value {
    let mut body = body.clone();
    *body.pointer_mut(pointer).unwrap() = value;
    body
}

fn renamed(body: &Value, pointer: &str, name: &str) -> Value {
    let (mut body, member, _) = without(body, pointer);
    let (holder, _) = pointer.rsplit_once('/').unwrap();
    body.pointer_mut(holder).unwrap()[name] = member;
    body
}

/// Every single fault of an example.
fn cases(example_name: &'static str, example: &Value) -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |fault: String, body: Vec<u8>| {
        cases.push(Case {
            example: example_name,
            fault,
            body,
        });
    };
    let mut pointers = Vec::new();
    members(example, "", &mut pointers);
    for at in &pointers {
        let value = example.pointer(at).unwrap();
        let mut replace = |what: &str, other: Value| {
            if other != *value {
                add(
                    format!("{at} {what}"),
                    with(example, at, other).to_string().into(),
                );
            }
        };
        replace("null", Value::Null);
        replace("number", json!(7));
        replace("fraction", json!(7.5));
        replace("huge number", json!(1e300));
        replace("negative number", json!(-1));
        replace("boolean", json!(true));
        replace("text", json!("text"));
        replace("empty text", json!(""));
        replace("empty object", json!({}));
        replace("object", json!({ "x": value }));
        replace("empty array", json!([]));
        replace("array", json!([value]));
        replace("array of two", json!([value, value]));
        replace("JSON text", json!(value.to_string()));
        let (body, _, name) = without(example, at);
        add(format!("{at} missing"), body.to_string().into());
        for other in [camel_case(&name), name.to_uppercase(), format!("x_{name}")] {
            if other != name {
                let body = renamed(example, at, &other);
                add(format!("{at} renamed {other}"), body.to_string().into());
            }
        }
    }
    let row = &example["data"];
    for (fault, body) in [
        ("no envelope", row.clone()),
        (
            "envelope in an envelope",
            json!({"code": "success", "message": "", "data": example}),
        ),
        ("list of one", json!([example])),
        (
            "row in a list of one",
            json!({"code": "success", "message": "", "data": [row]}),
        ),
        ("JSON text", json!(example.to_string())),
        ("code 0", with(example, "/code", json!(0))),
        ("code 200", with(example, "/code", json!(200))),
        ("code ok", with(example, "/code", json!("ok"))),
        ("only data", json!({"data": row})),
        ("success true", json!({"success": true, "data": row})),
        ("msg", json!({"code": 200, "msg": "success", "data": row})),
        (
            "other names",
            json!({"Code": "success", "Message": "", "Data": row}),
        ),
    ] {
        add(format!("envelope: {fault}"), body.to_string().into());
    }
    let text = example.to_string();
    for (fault, body) in [
        ("byte order mark", format!("\u{feff}{text}")),
        ("blanks around it", format!("\n\t {text} \r\n\n")),
        ("text behind it", format!("{text}\n<!-- cached -->")),
        ("twice", format!("{text}{text}")),
        (
            "a key twice",
            text.replacen("\"code\":", "\"code\":\"x\",\"code\":", 1),
        ),
        ("cut off", text[..text.len() / 2].to_owned()),
    ] {
        add(format!("bytes: {fault}"), body.into());
    }
    cases
}

fn view(body: &[u8]) -> Option<TaskView> {
    ParsedBody::new(Some(200), body).view()
}

/// Prints how many of the cases come out right, and why the others do not.
fn summarize(what: &str, total: usize, exceptions: &BTreeMap<&str, Vec<String>>) {
    let lost: usize = exceptions.values().map(Vec::len).sum();
    println!("{what}: {} of {total}", total - lost);
    for (reason, faults) in exceptions {
        println!("  {reason}:");
        for fault in faults {
            println!("    {fault}");
        }
    }
}

/// Why a fault costs the video, if it has to: nothing else in the answer has it.
fn why_lost(case: &Case) -> Option<&'static str> {
    let at = |pointer: &str| case.fault.split(' ').next() == Some(pointer);
    let is_read = ["renamed resultUrl", "renamed DATA", "renamed RESULT_URL"];
    if is_read.iter().any(|fault| case.fault.ends_with(fault)) {
        None
    } else if at("/data") {
        Some("the task is not there")
    } else if case.example == "SuperResolution" && at("/data/result_url") {
        Some("the enhanced video's only URL is not there; the original's is")
    } else if case.fault == "bytes: cut off" {
        Some("the body is cut off in the middle")
    } else {
        None
    }
}

/// The cases of a finished example, with a video behind the URL, and what the view has to say.
fn finished(store: &str) -> Vec<(Case, String)> {
    let mut all = Vec::new();
    for name in FINISHED {
        let text = example(name)
            .to_string()
            .replace("https://storage.example", store);
        let example: Value = serde_json::from_str(&text).unwrap();
        let url = example["data"]["result_url"].as_str().unwrap().to_owned();
        all.extend(
            cases(name, &example)
                .into_iter()
                .map(|case| (case, url.clone())),
        );
    }
    all
}

#[test]
fn the_view_of_a_finished_task_has_its_url() {
    let cases = finished("https://storage.example");
    let mut exceptions: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let total = cases.len();
    for (case, url) in cases {
        let view = view(&case.body);
        let found = view
            .as_ref()
            .filter(|view| view.state == TaskState::Succeeded);
        let found = found.and_then(|view| Some(view.result_url.as_ref()?.expose()));
        let name = format!("{} {}", case.example, case.fault);
        match (found == Some(url.as_str()), why_lost(&case)) {
            (true, _) => {}
            (false, Some(reason)) => exceptions.entry(reason).or_default().push(name),
            (false, None) => panic!("{name}: {view:?}\n{}", String::from_utf8_lossy(&case.body)),
        }
    }
    summarize("videos found", total, &exceptions);
    let lost: usize = exceptions.values().map(Vec::len).sum();
    assert!(total > 900 && lost * 20 < total, "{lost} of {total}");
}

#[test]
fn a_pending_task_with_a_fault_is_not_taken_for_one_that_has_ended() {
    let cases = cases("Pending", &example("Pending"));
    let total = cases.len();
    let mut not_understood: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for case in cases {
        match view(&case.body) {
            Some(view) => assert!(
                !view.state.is_terminal() && view.result_url.is_none(),
                "{}: {view:?}",
                case.fault
            ),
            // It is asked for again as after any passing fault.
            None => not_understood
                .entry("tells neither status nor URL, and is asked for again")
                .or_default()
                .push(case.fault),
        }
    }
    summarize("pending tasks understood", total, &not_understood);
    let count: usize = not_understood.values().map(Vec::len).sum();
    assert!(total > 200 && count * 8 < total, "{count} of {total}");
}

#[test]
fn a_failed_task_with_a_fault_is_not_taken_for_one_with_a_video() {
    let cases = cases("Failure", &example("Failure"));
    let total = cases.len();
    let mut open: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for case in cases {
        match view(&case.body).map(|view| view.state) {
            Some(TaskState::Failed) => {}
            Some(TaskState::Succeeded) => panic!("{}: a video?", case.fault),
            _ => open
                .entry("is asked for again")
                .or_default()
                .push(case.fault),
        }
    }
    summarize("failures understood", total, &open);
    let count: usize = open.values().map(Vec::len).sum();
    assert!(total > 300 && count * 8 < total, "{count} of {total}");
}

/// The number of a case, which the id of its task is.
fn number_of(id: &TaskId) -> usize {
    id.as_str().trim_start_matches("asyntask_").parse().unwrap()
}

/// The same through a client and sockets: every video that the view finds arrives.
#[tokio::test]
async fn every_video_arrives_in_spite_of_a_fault() {
    let gateway = Gateway::builder().start().await.unwrap();
    let video = gateway.video(&task_id(Scenario::Normal, 1), Video::Result);
    let bodies = Arc::<OnceLock<Vec<Vec<u8>>>>::default();
    let (by_number, served_video) = (Arc::clone(&bodies), video.clone());
    let server = Server::start(move |request, _| match QUERY.id_below(&request.target) {
        Some(id) => ok(&by_number.get().unwrap()[number_of(&id)]),
        None => response("200 OK", "Content-Type: video/mp4\r\n", &served_video),
    })
    .await;
    let cases = finished(&server.url);
    // Each case is about a task of its own, whose id is its number.
    let body = |(number, (case, _)): (usize, &(Case, String))| {
        let own = example(case.example)["data"]["task_id"].clone();
        let text = String::from_utf8(case.body.clone()).unwrap();
        let text = text.replace(own.as_str().unwrap(), &format!("asyntask_{number:032}"));
        text.into_bytes()
    };
    bodies
        .set(cases.iter().enumerate().map(body).collect())
        .unwrap();
    let directory = TempDir::new().unwrap();
    let client = Client::builder()
        .base_url(server.url.as_str())
        .api_key("sk-test-0123456789abcdef")
        .requests_per_second(10_000.try_into().unwrap())
        .build()
        .unwrap();
    let outcomes = stream::iter(cases.iter().enumerate()).map(|(number, (case, _))| {
        let client = client.clone();
        let directory = directory.path().join(number.to_string());
        let video = &video;
        async move {
            let id = format!("asyntask_{number:032}").parse().unwrap();
            if why_lost(case).is_some() {
                return 0;
            }
            let name = format!("{} {}", case.example, case.fault);
            let outcome = client.wait(&id).await;
            let Ok(Outcome::Succeeded(task)) = outcome else {
                panic!("{name}: {outcome:?}")
            };
            let download = client.download(&id, task.result_url()).into_dir(directory);
            let file = download
                .await
                .unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(&std::fs::read(file.path).unwrap(), video, "{name}");
            1
        }
    });
    let arrived: usize = outcomes
        .buffer_unordered(32)
        .fold(0, |sum, one| async move { sum + one })
        .await;
    println!("videos that arrived: {arrived} of {}", cases.len());
    assert!(
        arrived * 20 > cases.len() * 19,
        "{arrived} of {}",
        cases.len()
    );
}
