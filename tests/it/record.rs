//! What is recorded: one writer, for a client's observer and for the command line.

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    sync::{Arc, LazyLock, Mutex},
};

use proptest::prelude::*;
use seedance_query::{
    Client, ObservedExchange, Verdict,
    capture::{Capture, Recorder, Request},
    validate_response,
};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::redaction::{bodies, outline};
use seedance_testing::{
    files::read_all,
    http_server::{Reply, Server},
    replies::{captured, response},
};

const KEY: &str = "key-0123456789abcdef";
const ID: &str = "asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F";

/// Members that tell who it was, with values of every type.
fn ids() -> impl Strategy<Value = Vec<(&'static str, Value)>> {
    let name = prop_oneof![
        Just("user_id"),
        Just("channel_id"),
        Just("group"),
        Just("user"),
        Just("email")
    ];
    let value = prop_oneof![
        any::<i64>().prop_map(Value::from),
        (-1e6..1e6).prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        Just(Value::Null),
        Just(json!({ "id": 7, "names": ["a", -1.5, true] })),
        Just(json!("{\"user_id\":7}")),
    ];
    prop::collection::vec((name, value), 0..4)
}

/// The body with these members in its row, in what the upstream said, and around all of it.
fn with_members(body: &str, members: &[(&str, Value)]) -> String {
    let mut value: Value = serde_json::from_str(body).unwrap();
    for place in ["", "/data", "/data/data"] {
        if let Some(Value::Object(object)) = value.pointer_mut(place) {
            for (name, member) in members {
                object.insert((*name).to_owned(), member.clone());
            }
        }
    }
    value.to_string()
}

fn exchange(status: u16, body: &str) -> Capture {
    let status = http::StatusCode::from_u16(status).unwrap();
    let mut capture = Capture::new(status, Vec::new(), body);
    capture.request = Some(Request {
        method: "GET".to_owned(),
        target: format!("/v1/video/generations/{ID}"),
        headers: Vec::new(),
    });
    capture
}

static DIRECTORY: LazyLock<TempDir> = LazyLock::new(|| TempDir::new().unwrap());

/// What is read from the file that an exchange was recorded in.
fn recorded(capture: &Capture, set_up: impl Fn(Recorder) -> Recorder) -> Capture {
    // Made anew each time it would read a directory that grows.
    static RECORDER: LazyLock<Recorder> =
        LazyLock::new(|| Recorder::new(DIRECTORY.path()).unwrap().sync_each(false));
    let path = set_up(RECORDER.clone()).record(capture, &[KEY]).unwrap();
    let read = Capture::parse(&fs::read(&path).unwrap()).unwrap();
    fs::remove_file(path).unwrap();
    read
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1024,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn a_recorded_body_has_the_same_verdict(
        body in bodies(),
        members in ids(),
        status in prop_oneof![4 => Just(200_u16), 1 => 200_u16..600],
    ) {
        let body = with_members(&body, &members);
        let capture = exchange(status, &body);
        let original = validate_response(status, body.as_bytes());
        for are_redacted in [false, true] {
            let read = recorded(&capture, |recorder| recorder.redact_ids(are_redacted));
            let report = validate_response(read.status.as_u16(), &read.body);
            prop_assert_eq!(report.verdict(), original.verdict());
            prop_assert_eq!(
                outline(&report), outline(&original),
                "{}\n{}", body, String::from_utf8_lossy(&read.body)
            );
        }
        let whole = recorded(&capture, |recorder| recorder.unredacted(true));
        prop_assert_eq!(whole.body, body.as_bytes());
    }

    #[test]
    fn no_id_is_left(members in ids(), number in 1_000_000_u32.., text in "[a-z]{12}") {
        let mut members = members;
        members.retain(|(_, value)| value.is_number() || value.is_string());
        members.push(("user_id", number.into()));
        members.push(("group", text.clone().into()));
        members.push(("fail_reason", json!({ "user_id": number, "user": [text] }).to_string().into()));
        let body = with_members(r#"{"code":"success","data":{"task_id":"t","data":{}}}"#, &members);
        let read = recorded(&exchange(200, &body), |recorder| recorder.redact_ids(true));
        let read = String::from_utf8(read.body).unwrap();
        prop_assert!(!read.contains(&text) && !read.contains(&number.to_string()), "{read}");
    }
}

/// The bodies of the repository have such members, too.
#[test]
fn the_verdicts_on_all_bodies_stay() {
    for directory in ["tests/captures", "tests/drift"] {
        for body in read_all(directory) {
            let text = String::from_utf8_lossy(&body.bytes);
            let read = recorded(&exchange(200, &text), |recorder| recorder.redact_ids(true));
            let outlines =
                [text.as_bytes(), &read.body].map(|body| outline(&validate_response(200, body)));
            assert_eq!(outlines[0], outlines[1], "{}", body.name);
        }
    }
}

fn client(url: &str) -> seedance_query::ClientBuilder {
    Client::builder().base_url(url).api_key(KEY)
}

#[tokio::test]
async fn an_observer_sees_every_response() {
    type Seen = (u16, usize, Option<Verdict>);
    let error = response(
        "401 Unauthorized",
        "X-Odd: 1\r\n",
        format!(r#"{{"error":{{"message":"no {KEY}","type":"t","code":""}}}}"#).as_bytes(),
    );
    let server = Server::in_turn([
        captured("normal-720p.http"),
        error,
        Reply::close(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}".to_vec()),
        Reply::reset(Vec::new()),
        response("200 OK", "", b"[]"),
    ])
    .await;
    let seen = Arc::<Mutex<Vec<Seen>>>::default();
    let keeper = Arc::clone(&seen);
    let observer = move |exchange: &ObservedExchange<'_>| {
        assert_eq!(exchange.task_id().as_str(), ID);
        let capture = exchange.capture();
        assert!(!String::from_utf8_lossy(&capture.to_bytes()).contains(KEY));
        assert_eq!(exchange.headers().len(), capture.headers.len());
        let verdict = exchange.report().map(seedance_query::Report::verdict);
        let seen = (exchange.status().as_u16(), exchange.body().len(), verdict);
        keeper.lock().unwrap().push(seen);
    };
    let client = client(&server.url).observer(observer).build().unwrap();
    let mut ended_well = 0;
    for _ in 0..5 {
        ended_well += usize::from(client.query(&ID.parse().unwrap()).await.is_ok());
    }
    assert_eq!(ended_well, 1);
    let seen = seen.lock().unwrap();
    assert!(
        matches!(seen[0], (200, 1.., Some(Verdict::Conforms))),
        "{seen:?}"
    );
    assert!(matches!(seen[1], (401, 1.., Some(_))), "{seen:?}");
    assert_eq!(seen[2], (200, 2, None), "what broke off was not checked");
    assert_eq!(seen[3], (200, 2, Some(Verdict::Violates)));
    assert_eq!(seen.len(), 4, "no response, nothing to see");
}

fn names(directory: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(directory).unwrap();
    let name = |entry: fs::DirEntry| entry.file_name().into_string().unwrap();
    entries.map(|entry| name(entry.unwrap())).collect()
}

#[tokio::test]
async fn a_recorder_keeps_every_response_and_stops_no_query() {
    let server = Server::in_turn([
        captured("pending-queued.http"),
        response("502 Bad Gateway", "", b"no"),
        Reply::close(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}".to_vec()),
        captured("normal-720p.http"),
    ])
    .await;
    let directory = TempDir::new().unwrap();
    let inner = directory.path().join("captures");
    let recorder = Recorder::new(&inner).unwrap();
    let client = client(&server.url).observer(recorder.clone()).build();
    let client = client.unwrap();
    let id = ID.parse().unwrap();
    for _ in 0..4 {
        let _ = client.query(&id).await;
    }
    let expected = ["0001-pending", "0002-502", "0003-normal"];
    let expected = expected.map(|name| format!("{ID}-{name}.http"));
    assert_eq!(names(&inner), BTreeSet::from(expected));
    assert_eq!((recorder.recorded(), recorder.failed()), (3, 0));
    // Where nothing can be written, the query goes on.
    fs::remove_dir_all(&inner).unwrap();
    assert!(client.query(&id).await.is_ok());
    assert_eq!((recorder.recorded(), recorder.failed()), (3, 1));
    assert!(recorder.last_error().unwrap().contains("captures"));
}
