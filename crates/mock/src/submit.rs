//! Submissions: a task that does what its prompt or a header asks for.

use http::HeaderMap;
use seedance_query::{
    Submission,
    model::{name, types::SubmitReply},
};
use serde_json::Value;

use super::{
    answer::Answer, call::Call, error_responses::invalid_request, scenario::Scenario,
    state::REQUEST_ID,
};

/// Names the scenario of a submitted task.
const SCENARIO: &str = "x-mock-scenario";

/// Accepts a request that the gateway would accept.
pub(super) fn submit(call: &Call<'_>, body: &[u8]) -> Answer {
    let request = match Submission::from_json(body) {
        Ok(submission) => serde_json::from_slice(submission.body()).unwrap_or_default(),
        Err(invalid) => return invalid_request(&invalid.to_string()),
    };
    let scenario = match scenario(call.headers, &request) {
        Ok(scenario) => scenario,
        Err(problem) => return invalid_request(&problem),
    };
    let (id, number) = call.state.begin(scenario);
    let mut reply = SubmitReply::default();
    reply.id = Some(id.to_string());
    reply.model = request[name::MODEL].as_str().map(str::to_owned);
    reply.object = Some("video".to_owned());
    reply.progress = Some(0);
    reply.status = Some(String::new());
    reply.created_at = Some(call.state.clock.wall().into());
    reply.task_id = Some(id);
    Answer::json(200, &serde_json::to_value(reply).unwrap_or_default())
        .header(REQUEST_ID, format!("mock-{number}"))
}

/// What the task is to do: by the header, by the name of a scenario in brackets in the prompt, else by
/// the model.
fn scenario(headers: &HeaderMap, request: &Value) -> Result<Scenario, String> {
    let of_header = headers.get(SCENARIO).and_then(|value| value.to_str().ok());
    let of_prompt = request[name::CONTENT]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|item| item[name::TEXT].as_str())
        .find_map(|text| Some(text.split_once('[')?.1.split_once(']')?.0));
    if let Some(wanted) = of_header.or(of_prompt) {
        return Scenario::named(wanted).ok_or_else(|| {
            format!("the mock has no scenario `{wanted}`; `mock --list` lists them")
        });
    }
    let model = request[name::MODEL].as_str().unwrap_or_default();
    let is_enhanced = ["turbo", "ultra"].iter().any(|kind| model.contains(kind));
    Ok(if is_enhanced {
        Scenario::SuperResolution
    } else {
        Scenario::Normal
    })
}
