//! Submissions to the mock: what they make, and what is refused.

use seedance_mock::{Scenario, task_id};
use seedance_query::{Acceptance, Outcome, Submission, SubmitError, Submitted};
use serde_json::json;

use super::{builder, client};

fn submission(model: &str, prompt: &str) -> Submission {
    let content = json!([{ "type": "text", "text": prompt }]);
    let request = json!({ "model": model, "resolution": "720p", "content": content });
    Submission::from_json(request.to_string()).unwrap()
}

async fn submit(model: &str, prompt: &str) -> Result<Submitted, SubmitError> {
    let gateway = builder().start().await.unwrap();
    client(&gateway).submit(&submission(model, prompt)).await
}

#[tokio::test]
async fn the_prompt_or_the_model_says_what_the_task_does() {
    for (model, prompt, scenario) in [
        ("seedance-fast", "a boat", Scenario::Normal),
        ("seedance-2.0-ultra", "a boat", Scenario::SuperResolution),
        ("seedance-fast", "a boat [failure]", Scenario::Failure),
        (
            "seedance-fast",
            "[no-url] a boat",
            Scenario::named("no-url").unwrap(),
        ),
    ] {
        let submitted = submit(model, prompt).await.unwrap();
        assert_eq!(
            submitted.task_id(),
            &task_id(scenario, 1),
            "{model} {prompt}"
        );
        assert_eq!(submitted.request_id(), Some("mock-1"));
        assert_eq!(submitted.report().findings(), []);
    }
}

#[tokio::test]
async fn a_submitted_task_ends_with_a_video() {
    let gateway = builder().speed(200.0).start().await.unwrap();
    let client = client(&gateway);
    let first = client
        .submit(&submission("seedance-fast", "a boat"))
        .await
        .unwrap();
    let second = client
        .submit(&submission("seedance-fast", "a boat"))
        .await
        .unwrap();
    assert_ne!(first.task_id(), second.task_id());
    let outcome = client.wait(second.task_id()).await.unwrap();
    assert!(matches!(outcome, Outcome::Succeeded(_)), "{outcome:?}");
}

#[tokio::test]
async fn what_the_mock_does_not_know_is_refused_by_name() {
    let error = submit("seedance-fast", "[super-slow] a boat")
        .await
        .unwrap_err();
    assert_eq!(error.acceptance(), Acceptance::No);
    assert!(
        error
            .to_string()
            .contains("the mock has no scenario `super-slow`"),
        "{error}"
    );
    let gateway = builder().start().await.unwrap();
    let url = format!("{}/v1/video/generations", gateway.base_url());
    let post = |body: &'static str| {
        let post = super::plain().post(&url).bearer_auth(gateway.api_key());
        post.body(body).send()
    };
    let refused =
        post(r#"{"model":"seedance-fast","content":[{"type":"text","text":"a"}],"duration":60}"#);
    let refused = refused.await.unwrap();
    assert_eq!(refused.status(), 400);
    let body = refused.text().await.unwrap();
    assert!(
        body.contains("invalid_request") && body.contains("/duration"),
        "{body}"
    );
    assert_eq!(post("not JSON").await.unwrap().status(), 400);
    let without_key = super::plain().post(&url).body("{}").send().await.unwrap();
    assert_eq!(without_key.status(), 401);
    let get = super::plain()
        .get(&url)
        .bearer_auth(gateway.api_key())
        .send()
        .await
        .unwrap();
    assert_eq!(
        (get.status().as_u16(), &get.headers()["allow"]),
        (405, &"POST".parse().unwrap())
    );
}
