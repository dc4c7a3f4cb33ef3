//! Submissions: a task that does what its prompt or a header asks for.

use seedance_query::{Submission, model::types::SubmitReply};

use super::{
    answer::Answer,
    asked::{Asked, texts},
    call::Call,
    error_responses::{self, invalid_request},
    instruction,
    names::Named,
    scenario::Scenario,
    state::REQUEST_ID,
    submit_faults::with_faults,
};

/// Accepts a request that the gateway would accept.
pub(super) fn submit(call: &Call<'_>, body: &[u8]) -> Answer {
    let request = match Submission::from_json(body) {
        Ok(submission) => serde_json::from_slice(submission.body()).unwrap_or_default(),
        Err(invalid) => return invalid_request(&invalid.to_string()),
    };
    let asked = Asked::of(&request);
    let scenario = match instruction::wish(call.headers, texts(&request)) {
        Ok(Some(Named::Scenario(scenario))) => scenario,
        Ok(Some(Named::Refusal(refusal))) => {
            return error_responses::refused(refusal, &asked.model, &call.request_id);
        }
        Ok(None) if asked.is_enhanced() => Scenario::SuperResolution,
        Ok(None) => Scenario::Normal,
        Err(problem) => return invalid_request(&problem),
    };
    with_faults(call, || accept(call, scenario, asked))
}

fn accept(call: &Call<'_>, scenario: Scenario, asked: Asked) -> Answer {
    let mut reply = SubmitReply::default();
    reply.model = Some(asked.model.clone());
    let (id, number) = call.state.begin(scenario, asked, call.submission());
    reply.id = Some(id.to_string());
    reply.object = Some("video".to_owned());
    reply.progress = Some(0);
    reply.status = Some(String::new());
    reply.created_at = Some(call.state.clock.wall().into());
    reply.task_id = Some(id.clone());
    Answer::json(200, &serde_json::to_value(reply).unwrap_or_default())
        .header(REQUEST_ID, format!("mock-{number}"))
        .about(id)
}
