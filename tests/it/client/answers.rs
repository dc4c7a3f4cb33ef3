//! What a query makes of an answer that tells of a task, and of one that does not.

use seedance_query::{Rule, Shape, TaskState, Verdict};

use seedance_testing::replies::{ok, response};

use super::{captured, drifted, query};

#[tokio::test]
async fn a_task_is_returned_typed_as_bytes_and_with_a_report() {
    for (name, shape) in [
        ("pending-in-progress.http", Shape::Pending),
        ("normal-720p.http", Shape::Normal),
        ("super-resolution-720p.http", Shape::SuperResolution),
        ("failure-content-policy.http", Shape::Failure),
    ] {
        let body = captured(name);
        let answer = response("200 OK", "X-Request-Id: r1\r\n", &body);
        let response = query(answer).await.unwrap();
        assert_eq!(response.view().shape(), Some(shape));
        assert_eq!(response.task().unwrap().shape(), shape);
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["x-request-id"], "r1");
        assert_eq!(response.body(), &body);
        assert_eq!(response.report().verdict(), Verdict::Conforms);
        assert!(!format!("{response:?}").contains("X-Tos-Signature"));
    }
}

#[tokio::test]
async fn findings_do_not_block_a_result() {
    // The reason of the failure stands where a URL belongs: the task is what matters.
    let response = query(ok(&drifted("1a-failure-result-url-is-error-text.json")))
        .await
        .unwrap();
    assert_eq!(response.view().state, TaskState::Failed);
    assert_eq!(response.report().findings()[0].rule, Rule::ErrorTextAsUrl);
    assert!(response.view().fail_reason.is_some());
    assert_eq!(response.task().unwrap().shape(), Shape::Failure);

    // serde alone would refuse both: a key that comes twice, and an integer written as a float.
    let body = br#"{"code":"success","data":{"task_id":"t","status":"QUEUED","status":"SUCCESS",
        "result_url":"https://a.example/v.mp4","submit_time":1780000000.0}}"#;
    let response = query(ok(body)).await.unwrap();
    assert_eq!(
        response.task().unwrap().result_url().unwrap().expose(),
        "https://a.example/v.mp4"
    );
    assert_eq!(response.report().findings()[0].rule, Rule::DuplicateKey);

    // Another success than the documented 200.
    let body = captured("normal-720p.http");
    let response = query(seedance_testing::replies::response(
        "203 Non-Authoritative",
        "",
        &body,
    ))
    .await
    .unwrap();
    assert_eq!(
        response.report().findings()[0].rule,
        Rule::UndocumentedHttpStatus
    );
}

#[tokio::test]
async fn an_answer_that_tells_of_no_task_is_a_retryable_error_that_keeps_the_body() {
    for (body, rule) in [
        (drifted("9r-truncated.json"), Rule::NotJson),
        (drifted("5c-data-null.json"), Rule::MissingField),
        (
            b"<html><title>Welcome</title></html>".to_vec(),
            Rule::NotJson,
        ),
        (Vec::new(), Rule::NotJson),
        (b"[]".to_vec(), Rule::NoEnvelope),
    ] {
        let error = query(ok(&body)).await.unwrap_err();
        assert!(error.is_not_understood() && error.is_retryable(), "{error}");
        assert_eq!(error.body().unwrap(), &body);
        assert_eq!(error.status().unwrap(), 200);
        assert_eq!(error.report().unwrap().findings()[0].rule, rule, "{error}");
        assert!(error.to_string().contains(rule.id()), "{error}");
        assert!(error.view().is_none());
    }
}

#[tokio::test]
async fn what_an_answer_tells_of_a_task_is_used_whatever_else_is_wrong() {
    for (name, state, rule) in [
        (
            "3c-status-cancelled",
            TaskState::Failed,
            Rule::UnknownStatus,
        ),
        (
            "9n-failure-without-task-id",
            TaskState::Failed,
            Rule::MissingField,
        ),
        ("9p-numeric-progress", TaskState::Pending, Rule::WrongType),
        ("9o-missing-status", TaskState::Pending, Rule::MissingField),
    ] {
        let body = drifted(&format!("{name}.json"));
        let response = query(ok(&body)).await.unwrap();
        assert_eq!(response.view().state, state, "{name}");
        assert_eq!(response.report().verdict(), Verdict::Violates, "{name}");
        let mut rules = response
            .report()
            .findings()
            .iter()
            .map(|finding| finding.rule);
        assert!(rules.any(|found| found == rule), "{name}");
    }
    let url = "https://storage.example/v.mp4?X-Tos-Signature=REDACTED";
    let body = format!(
        r#"{{"code":"success","data":{{"status":"SUCCESS","progress":100,"result_url":"{url}"}}}}"#
    );
    let response = query(ok(body.as_bytes())).await.unwrap();
    assert_eq!(response.result_url().unwrap().expose(), Some(url));
}

#[tokio::test]
async fn a_video_is_found_in_a_faulty_answer() {
    let url = "https://storage.example/v.mp4?X-Tos-Signature=REDACTED";
    let row = format!(r#""task_id":"t","status":"SUCCESS","result_url":"{url}""#);
    for body in [
        // Without the envelope, with a status that nobody documents.
        format!("{{{row}}}"),
        format!(r#"{{"code":"success","message":"","data":{{{row}}}}}"#).replace("SUCCESS", "DONE"),
    ] {
        let response = query(ok(body.as_bytes())).await.unwrap();
        assert_eq!(response.view().state, TaskState::Succeeded);
        let found = response.result_url().expect("the URL");
        assert_eq!(found.expose(), Some(url));
        assert!(!found.to_string().contains("Signature"));
    }
}

#[tokio::test]
async fn a_task_is_found_under_an_error_status() {
    // Some gateways answer 500 just as the task completes.
    let body = captured("normal-720p.http");
    let answer = response("500 Internal Server Error", "", &body);
    let response = query(answer).await.unwrap();
    assert_eq!(response.view().state, TaskState::Succeeded);
    assert_eq!(response.status(), 500);
    let rules: Vec<Rule> = response
        .report()
        .findings()
        .iter()
        .map(|finding| finding.rule)
        .collect();
    assert_eq!(
        rules,
        [Rule::UndocumentedHttpStatus, Rule::HttpStatusMismatch]
    );

    let row = r#"{"task_id":"t","status":"SUCCESS","result_url":"https://a.example/v.mp4"}"#;
    let answer = seedance_testing::replies::response("502 Bad Gateway", "", row.as_bytes());
    let response = query(answer).await.unwrap();
    assert_eq!(
        response.result_url().unwrap().expose(),
        Some("https://a.example/v.mp4")
    );
    // Without an id it can be an error of anyone in between.
    let row = r#"{"status":"failed","progress":"no"}"#;
    let answer = seedance_testing::replies::response("502 Bad Gateway", "", row.as_bytes());
    assert!(query(answer).await.unwrap_err().is_api());
}
