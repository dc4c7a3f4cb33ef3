//! How the two sister forms of a task depart from what the gateway sends.

use seedance_query::model::name;
use serde_json::{Map, Value, json};

use super::{
    super::{fault::Fault, query::Queried, state::Settings, task::Phase},
    row::escaped,
};

/// The faults that show in both forms.
const IN_BOTH: [Fault; 12] = [
    Fault::ErrorWithTask,
    Fault::FailureWithoutReason,
    Fault::NoUrl,
    Fault::EscapedAmpersands,
    Fault::StatusSubmitted,
    Fault::StatusUnknown,
    Fault::StatusCancelled,
    Fault::UpstreamExpired,
    Fault::MissingTaskId,
    Fault::MissingStatus,
    Fault::DuplicateKey,
    Fault::WrongTokens,
];

/// Those that show in OpenAI's form besides: the list has no such members.
const IN_VIDEO_OBJECT: [Fault; 4] = [
    Fault::FailureTextInResultUrl,
    Fault::StringSubmitTime,
    Fault::TimesInMilliseconds,
    Fault::MissingFields,
];

pub(crate) fn fits_video_object(fault: Fault, _: &Settings) -> bool {
    IN_BOTH.contains(&fault) || IN_VIDEO_OBJECT.contains(&fault)
}

pub(crate) fn fits_content_list(fault: Fault, _: &Settings) -> bool {
    IN_BOTH.contains(&fault)
}

/// Status and text of a body with the faults of its task.
pub(crate) fn render(mut body: Value, queried: &Queried<'_>) -> (u16, String) {
    let has = |fault| queried.faults.contains(&fault);
    if let Some(members) = body.as_object_mut() {
        for fault in queried.faults {
            change(*fault, queried.phase, members);
        }
    }
    let mut text = escaped(&body.to_string());
    if has(Fault::DuplicateKey) {
        // The last of two equal keys counts, and that is right.
        let first = format!("{{\"{}\":\"queued\",", name::STATUS);
        text = text.replacen('{', &first, 1);
    }
    let fails = has(Fault::ErrorWithTask) && queried.phase == Phase::Ended;
    (if fails { 500 } else { 200 }, text)
}

fn change(fault: Fault, phase: Phase, body: &mut Map<String, Value>) {
    match fault {
        Fault::FailureWithoutReason => {
            if let Some(error) = body.get_mut(name::ERROR) {
                error[name::MESSAGE] = json!("");
            }
        }
        Fault::FailureTextInResultUrl => {
            let reason = body
                .get(name::ERROR)
                .map(|error| error[name::MESSAGE].clone());
            if let (Some(reason), true) = (reason, body.contains_key(name::OBJECT)) {
                set(body, name::METADATA, json!({ name::URL: reason }));
            }
        }
        Fault::StatusSubmitted if matches!(phase, Phase::NotStarted | Phase::Queued) => {
            set(body, name::STATUS, json!("submitted"));
        }
        Fault::StatusUnknown if matches!(phase, Phase::Running { .. }) => {
            set(body, name::STATUS, json!("unknown"));
        }
        Fault::StatusCancelled if phase == Phase::Ended => {
            set(body, name::STATUS, json!("cancelled"));
        }
        Fault::MissingTaskId => remove(body, &[name::ID, name::TASK_ID]),
        Fault::MissingStatus => remove(body, &[name::STATUS]),
        Fault::MissingFields => remove(body, &[name::MODEL, name::PROGRESS, name::CREATED_AT]),
        Fault::StringSubmitTime => {
            if let Some(time) = body.get_mut(name::CREATED_AT) {
                *time = json!(time.to_string());
            }
        }
        Fault::TimesInMilliseconds => {
            for name in [name::CREATED_AT, name::COMPLETED_AT] {
                if let Some(time) = body.get_mut(name) {
                    *time = json!(time.as_i64().unwrap_or(0).saturating_mul(1000));
                }
            }
        }
        Fault::WrongTokens => {
            let usage = body.get_mut(name::USAGE).and_then(Value::as_object_mut);
            for tokens in usage.into_iter().flat_map(Map::values_mut) {
                *tokens = json!(tokens.as_i64().unwrap_or(0) + 1);
            }
        }
        // What else fits is in the row, which these forms are made of.
        _ => {}
    }
}

fn remove(body: &mut Map<String, Value>, names: &[&str]) {
    for name in names {
        body.remove(*name);
    }
}

fn set(body: &mut Map<String, Value>, name: &str, value: Value) {
    body.insert(name.to_owned(), value);
}
