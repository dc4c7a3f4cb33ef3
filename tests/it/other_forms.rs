//! Every form of an answer that is known besides the documented one: what it tells is used, and it
//! is exactly one finding.

use seedance_query::{
    Report, Rule, TaskState, TaskView, validate::ParsedBody, validate_exchange, validate_response,
};
use serde_json::{Value, json};

use seedance_testing::files::captured_body;

/// A captured body in which nothing is found.
fn captured(name: &str) -> Value {
    let body = captured_body(name);
    assert!(
        seedance_query::validate(&body).findings().is_empty(),
        "{name}"
    );
    serde_json::from_slice(&body).unwrap()
}

fn normal() -> Value {
    captured("normal-720p.http")
}

fn judged(body: &Value) -> (Report, TaskView) {
    let text = body.to_string();
    let parsed = ParsedBody::new(Some(200), text.as_bytes());
    let view = parsed
        .view()
        .unwrap_or_else(|| panic!("tells of no task: {text}"));
    (parsed.report(), view)
}

fn with(mut body: Value, pointer: &str, value: Value) -> Value {
    *body.pointer_mut(pointer).unwrap() = value;
    body
}

fn renamed(mut body: Value, holder: &str, old: &str, new: &str) -> Value {
    let holder = body.pointer_mut(holder).unwrap().as_object_mut().unwrap();
    let value = holder.remove(old).unwrap();
    holder.insert(new.to_owned(), value);
    body
}

/// The task is read, and exactly this is found.
fn assert_one(what: &str, body: &Value, rule: Rule, pointer: &str) -> TaskView {
    let (report, view) = judged(body);
    let found: Vec<_> = report
        .findings()
        .iter()
        .map(|finding| (finding.rule, finding.pointer.as_str()))
        .collect();
    assert_eq!(found, [(rule, pointer)], "{what}: {report:#?}");
    view
}

/// The same of a finished task, whose video is found.
fn assert_one_with_video(what: &str, body: &Value, rule: Rule, pointer: &str) -> TaskView {
    let view = assert_one(what, body, rule, pointer);
    assert_eq!(view.state, TaskState::Succeeded, "{what}");
    assert!(view.result_url.is_some(), "{what}");
    assert!(view.task_id.is_some(), "{what}");
    view
}

#[test]
fn the_envelope_can_be_another_one() {
    let body = normal();
    let row = &body["data"];
    for (what, body, rule, pointer) in [
        ("the bare row", row.clone(), Rule::NoEnvelope, ""),
        (
            "code 0",
            with(body.clone(), "/code", json!(0)),
            Rule::WrongType,
            "/code",
        ),
        (
            "code 200",
            with(body.clone(), "/code", json!(200)),
            Rule::WrongType,
            "/code",
        ),
        (
            "code null",
            with(body.clone(), "/code", Value::Null),
            Rule::MissingField,
            "/code",
        ),
        (
            "no code",
            json!({ "message": "", "data": row }),
            Rule::MissingField,
            "/code",
        ),
        (
            "an envelope in an envelope",
            json!({ "code": "success", "message": "", "data": body }),
            Rule::OtherForm,
            "/data",
        ),
        ("a list of one", json!([body]), Rule::WrappedValue, ""),
        (
            "the row in a list of one",
            with(body.clone(), "/data", json!([row])),
            Rule::WrappedValue,
            "/data",
        ),
    ] {
        assert_one_with_video(what, &body, rule, pointer);
    }
}

#[test]
fn the_upstream_or_a_sister_operation_can_answer() {
    let body = normal();
    let upstream = &body["data"]["data"];
    assert_one_with_video("the raw upstream object", upstream, Rule::NoEnvelope, "");
    let url = body["data"]["result_url"].clone();
    let video = json!({
        "id": "task_qtvSBAxPlCoKawrYD5UvZDlu8UEz5Obu", "object": "video", "model": "seedance-2.0",
        "status": "completed", "progress": 100, "created_at": 1_780_000_000,
        "completed_at": 1_780_000_150,
    });
    for (what, name, value) in [
        ("a video object with `url`", "url", url.clone()),
        (
            "a video object with `metadata.url`",
            "metadata",
            json!({ "url": url }),
        ),
    ] {
        let mut video = video.clone();
        video[name] = value;
        assert_one_with_video(what, &video, Rule::OtherForm, "");
    }
    for (status, state) in [
        ("in_progress", TaskState::Pending),
        ("queued", TaskState::Pending),
        ("failed", TaskState::Failed),
    ] {
        let video = with(video.clone(), "/status", json!(status));
        assert_eq!(
            assert_one(status, &video, Rule::OtherForm, "").state,
            state,
            "{status}"
        );
    }
    let list = json!({
        "id": "task_qtvSBAxPlCoKawrYD5UvZDlu8UEz5Obu", "status": "succeeded",
        "content": [{ "type": "video_url", "video_url": { "url": url } }],
        "usage": { "completion_tokens": 108_900, "total_tokens": 108_900 }, "error": null,
    });
    let view = assert_one_with_video("the gateway's list form", &list, Rule::OtherForm, "");
    assert_eq!(view.billed_tokens, Some(108_900));
}

#[test]
fn a_member_can_be_wrapped_or_misspelt() {
    let body = normal();
    let upstream = body["data"]["data"].to_string();
    let url = body["data"]["result_url"].as_str().unwrap();
    for (what, body, rule, pointer) in [
        (
            "the upstream object as JSON text",
            with(body.clone(), "/data/data", json!(upstream)),
            Rule::WrappedValue,
            "/data/data",
        ),
        (
            "`resultUrl`",
            renamed(body.clone(), "/data", "result_url", "resultUrl"),
            Rule::OtherSpelling,
            "/data/resultUrl",
        ),
        (
            "a URL with blanks around it",
            with(body.clone(), "/data/result_url", json!(format!(" {url}\n"))),
            Rule::OddFormat,
            "/data/result_url",
        ),
        (
            "a relative `result_url`",
            with(
                body.clone(),
                "/data/result_url",
                json!("/v1/videos/t/content"),
            ),
            Rule::RelativeUrl,
            "/data/result_url",
        ),
    ] {
        let view = assert_one_with_video(what, &body, rule, pointer);
        let found = view.result_url.unwrap();
        let expected = if rule == Rule::RelativeUrl {
            "/v1/videos/t/content"
        } else {
            url
        };
        assert_eq!(found.expose(), expected, "{what}");
    }
}

/// A white-labelled row keeps the upstream's answer to itself, and has what is billed beside it.
#[test]
fn usage_can_stand_on_the_row() {
    let mut body = with(normal(), "/data/data", Value::Null);
    body["data"]["usage"] = json!({ "completion_tokens": 108_900, "total_tokens": 108_900 });
    let view = assert_one_with_video("usage on the row", &body, Rule::OmittedField, "/data/data");
    assert_eq!(view.billed_tokens, Some(108_900));
}

#[test]
fn a_status_can_be_another_word() {
    for (name, words, state) in [
        (
            "normal-720p.http",
            &["success", "SUCCEEDED", "completed"][..],
            TaskState::Succeeded,
        ),
        (
            "pending-queued.http",
            &["processing", "queueing"],
            TaskState::Pending,
        ),
        (
            "failure-content-policy.http",
            &[
                "expired",
                "cancelled",
                "canceled",
                "timeout",
                "timed_out",
                "rejected",
            ],
            TaskState::Failed,
        ),
    ] {
        for word in words {
            let body = with(captured(name), "/data/status", json!(word));
            let view = assert_one(word, &body, Rule::UnknownStatus, "/data/status");
            assert_eq!(view.state, state, "{word}");
        }
    }
}

#[test]
fn an_answer_about_another_task_is_an_error() {
    let text = normal().to_string();
    let target = "/v1/video/generations/asyntask_Other";
    let report = validate_exchange(target, 200, text.as_bytes());
    let findings = report.findings();
    assert_eq!(findings.len(), 1, "{findings:#?}");
    assert_eq!(
        (findings[0].rule, findings[0].pointer.as_str()),
        (Rule::OtherTask, "/data/task_id")
    );
    assert!(
        findings[0].message.contains("asyntask_Other"),
        "{}",
        findings[0]
    );
    let id = normal()["data"]["task_id"].as_str().unwrap().to_owned();
    let target = format!("/v1/video/generations/{id}");
    assert!(
        validate_exchange(&target, 200, text.as_bytes())
            .findings()
            .is_empty()
    );
}

#[test]
fn an_error_can_have_its_message_elsewhere() {
    for name in ["codeMsg", "msg", "detail"] {
        let body = json!({ "code": "404", name: "task not found", "data": null }).to_string();
        let report = validate_response(404, body.as_bytes());
        let findings = report.findings();
        assert_eq!(findings.len(), 1, "{findings:#?}");
        assert_eq!(findings[0].rule, Rule::OtherSpelling);
        assert_eq!(findings[0].pointer, format!("/{name}"));
        assert!(
            findings[0].message.contains("\"task not found\""),
            "{}",
            findings[0]
        );
        // With a status that says otherwise, that is one more.
        assert_eq!(validate_response(200, body.as_bytes()).findings().len(), 2);
    }
}

#[test]
fn a_missing_enhanced_video_names_the_original() {
    let mut body = captured("super-resolution-720p.http");
    body["data"].as_object_mut().unwrap().remove("result_url");
    body["data"]["fail_reason"] = json!("");
    let view = assert_one(
        "no enhanced URL",
        &body,
        Rule::NoResultUrl,
        "/data/result_url",
    );
    assert_eq!(view.state, TaskState::Succeeded);
    assert!(view.result_url.is_none() && view.original_result_url.is_some());
    let (report, _) = judged(&body);
    let message = &report.findings()[0].message;
    assert!(message.contains("original_result_url"), "{message}");
}

#[test]
fn what_is_in_a_list_of_one_is_at_its_item() {
    let upstream = json!([[{ "status": null, "seed": "x" }]]);
    let task = json!({ "task_id": "t", "status": "FAILURE", "fail_reason": "r", "data": upstream });
    let body = json!({ "code": "success", "message": "", "data": task });
    let report = validate_response(200, body.to_string().as_bytes());
    let places: Vec<&str> = report
        .findings()
        .iter()
        .map(|finding| finding.pointer.as_str())
        .filter(|pointer| pointer.starts_with("/data/data/"))
        .collect();
    for place in [
        "/data/data/0",
        "/data/data/0/0/seed",
        "/data/data/0/0/status",
    ] {
        assert!(places.contains(&place), "{place}: {report:?}");
    }
    for place in places {
        let is_of_item = place == "/data/data/0" || place.starts_with("/data/data/0/0/");
        assert!(is_of_item, "{report:?}");
    }
}
