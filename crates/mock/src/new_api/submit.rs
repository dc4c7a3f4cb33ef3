//! Submissions: what is accepted, and how it is answered.

use http::HeaderName;
use seedance_query::{
    Submission,
    model::{name, types::SubmitReply},
};
use serde_json::{Value, json};

use super::{
    super::{
        answer::Answer,
        asked::{Asked, texts},
        call::Call,
        error_responses::{self, code, upstream_refuses},
        instruction,
        names::Named,
        refusal::Refusal,
        scenario::Scenario,
        submit_faults::with_faults,
    },
    errors,
    paths::Reply,
};

/// What every model that a channel serves has in its name.
const SERVED: &str = "seedance";
/// What the price was multiplied with.
const RATIOS: HeaderName = HeaderName::from_static("x-new-api-other-ratios");

/// Accepts a request in the documented form, or says why not.
pub(crate) fn submit(call: &Call<'_>, reply: Reply, request: &Value) -> Answer {
    let asked = Asked::of(request);
    let model = request[name::MODEL].as_str().unwrap_or_default();
    if model.is_empty() {
        return errors::no_model(call);
    }
    if !model.contains(SERVED) {
        return refuse(call, Refusal::NoChannel, model);
    }
    if request[name::CONTENT].as_array().is_none_or(Vec::is_empty) {
        let message = "seedance request requires a text prompt or at least one image/video/audio";
        return Answer::json(400, &code("invalid_request", message));
    }
    let scenario = match instruction::wish(call.headers, texts(request)) {
        Ok(Some(Named::Scenario(scenario))) => scenario,
        Ok(Some(Named::Refusal(refusal))) => return refuse(call, refusal, model),
        Ok(None) if asked.is_enhanced() => Scenario::SuperResolution,
        Ok(None) => Scenario::Normal,
        Err(problem) => return error_responses::invalid_request(&problem),
    };
    if let Err(invalid) = Submission::from_json(request.to_string()) {
        let at = invalid
            .findings()
            .first()
            .map(|finding| finding.pointer.clone());
        let at = at.unwrap_or_default();
        let message = format!("The request is not valid: {invalid}");
        return upstream_refuses("InvalidParameter", &message, at.trim_start_matches('/'));
    }
    with_faults(call, || accept(call, reply, scenario, asked))
}

fn accept(call: &Call<'_>, form: Reply, scenario: Scenario, asked: Asked) -> Answer {
    let model = asked.model.clone();
    let (id, _) = call.state.begin(scenario, asked, call.submission());
    let body = if form == Reply::IdOnly {
        json!({ name::ID: id })
    } else {
        let status = if form == Reply::VideoObject {
            "queued"
        } else {
            ""
        };
        let mut reply = SubmitReply::default();
        reply.id = Some(id.to_string());
        reply.model = Some(model);
        reply.object = Some("video".to_owned());
        reply.progress = Some(0);
        reply.status = Some(status.to_owned());
        reply.created_at = Some(call.state.clock.wall().into());
        reply.task_id = Some(id.clone());
        serde_json::to_value(reply).unwrap_or_default()
    };
    Answer::json(200, &body).header(RATIOS, "{}").about(id)
}

fn refuse(call: &Call<'_>, refusal: Refusal, model: &str) -> Answer {
    error_responses::refused(refusal, model, &call.request_id)
}
