//! How bodies depart from the documentation.

use serde_json::{Map, Value, json};

use super::{fault::Fault, foreign_upstream};
use seedance_query::model::{name, pointers};

type Row = Map<String, Value>;

/// The text of a body with these faults.
pub(super) fn render(mut body: Value, faults: &[Fault]) -> String {
    let (outer, inner): (Vec<Fault>, Vec<Fault>) = faults.iter().partition(|fault| {
        use Fault::{DataNull, MissingMessage, NoEnvelope, RawUpstream};
        matches!(fault, DataNull | MissingMessage | NoEnvelope | RawUpstream)
    });
    if let Some(row) = body.get_mut(name::DATA).and_then(Value::as_object_mut) {
        for fault in inner {
            change_row(fault, row);
        }
    }
    // Where the row stands is the last thing to change.
    for fault in outer {
        change_envelope(fault, &mut body);
    }
    faults
        .iter()
        .fold(body.to_string(), |text, fault| change_text(*fault, text))
}

/// Whether the status of a body says that the task has ended.
pub(super) fn is_terminal(body: &Value) -> bool {
    matches!(
        body.pointer(pointers::DATA_STATUS).and_then(Value::as_str),
        Some("SUCCESS" | "FAILURE")
    )
}

fn change_row(fault: Fault, row: &mut Row) {
    let status = row
        .get(name::STATUS)
        .and_then(Value::as_str)
        .unwrap_or_default();
    // Another fault may have changed the status already, which then is not in capitals.
    match status.to_ascii_uppercase().as_str() {
        "SUCCESS" => change_success(fault, row),
        "FAILURE" => change_failure(fault, row),
        _ => change_pending(fault, row),
    }
    match fault {
        Fault::StatusLowerCase => {
            if let Some(Value::String(status)) = row.get_mut(name::STATUS) {
                status.make_ascii_lowercase();
            }
        }
        Fault::ProgressWithoutPercent => {
            if let Some(Value::String(progress)) = row.get_mut(name::PROGRESS) {
                *progress = progress.trim_end_matches('%').to_owned();
            }
        }
        Fault::NumericProgress => {
            let number = row
                .get(name::PROGRESS)
                .and_then(Value::as_str)
                .and_then(|text| text.trim_end_matches('%').parse::<i64>().ok());
            set(row, name::PROGRESS, json!(number.unwrap_or(0)));
        }
        Fault::StringSubmitTime => {
            let text = row.get(name::SUBMIT_TIME).map(Value::to_string);
            set(row, name::SUBMIT_TIME, json!(text));
        }
        Fault::TimesInMilliseconds => {
            for name in [name::SUBMIT_TIME, name::START_TIME, name::FINISH_TIME] {
                let time = row.get(name).and_then(Value::as_i64).unwrap_or(0);
                set(row, name, json!(time.saturating_mul(1000)));
            }
        }
        Fault::ExtraMembers => extra_members(row),
        Fault::NestedEnvelope => {
            let inner = row.remove(name::DATA).unwrap_or_default();
            let envelope = json!({name::CODE: "success", name::MESSAGE: "", name::DATA: inner});
            set(row, name::DATA, envelope);
        }
        Fault::ForeignUpstream => set(row, name::DATA, foreign_upstream::answer(row)),
        Fault::InnerDataNull => set(row, name::DATA, Value::Null),
        Fault::InnerDataEmpty => set(row, name::DATA, json!({})),
        Fault::MissingFields => {
            for name in [
                name::ACTION,
                name::PROGRESS,
                name::SUBMIT_TIME,
                name::START_TIME,
            ] {
                row.remove(name);
            }
        }
        Fault::MissingRequestId => drop(row.remove(name::REQUEST_ID)),
        Fault::MissingTaskId => drop(row.remove(name::TASK_ID)),
        Fault::MissingStatus => drop(row.remove(name::STATUS)),
        Fault::UndocumentedAction => set(row, name::ACTION, json!("remixGenerate")),
        _ => {}
    }
}

fn change_success(fault: Fault, row: &mut Row) {
    let url = row.get(name::RESULT_URL).cloned().unwrap_or_default();
    match fault {
        Fault::NoUrl => {
            row.remove(name::RESULT_URL);
            upstream(row, |upstream| drop(upstream.remove(name::CONTENT)));
        }
        Fault::UpstreamUrlOnly => drop(row.remove(name::RESULT_URL)),
        Fault::LegacyUrl => {
            row.remove(name::RESULT_URL);
            set(row, name::FAIL_REASON, url);
        }
        Fault::LegacyUrlInBoth => set(row, name::FAIL_REASON, url),
        Fault::FailReasonNote => set(row, name::FAIL_REASON, json!("The prompt was translated.")),
        Fault::UrlMismatch => upstream(row, |upstream| {
            let other = url.as_str().unwrap_or_default().replace(".mp4", "-raw.mp4");
            set(upstream, name::CONTENT, json!({ name::VIDEO_URL: other }));
        }),
        Fault::InnerStatusDiffers => {
            upstream(row, |upstream| {
                set(upstream, name::STATUS, json!("running"));
            });
        }
        Fault::WrongTokens => upstream(row, |upstream| {
            if let Some(usage) = upstream.get_mut(name::USAGE).and_then(Value::as_object_mut) {
                for name in [name::COMPLETION_TOKENS, name::TOTAL_TOKENS] {
                    let tokens = usage.get(name).and_then(Value::as_i64).unwrap_or(0);
                    set(usage, name, json!(tokens + 1));
                }
            }
        }),
        Fault::SuperResolutionIncomplete => upstream(row, |upstream| {
            if let Some(usage) = upstream.get_mut(name::USAGE).and_then(Value::as_object_mut) {
                usage.remove(name::SUPER_RESOLUTION_TOKENS);
            }
        }),
        _ => {}
    }
}

fn change_failure(fault: Fault, row: &mut Row) {
    match fault {
        Fault::FailureTextInResultUrl => {
            let reason = row.get(name::FAIL_REASON).cloned().unwrap_or_default();
            set(row, name::RESULT_URL, reason);
        }
        Fault::FailureWithoutReason => set(row, name::FAIL_REASON, json!("")),
        Fault::StartTimeZero => set(row, name::START_TIME, json!(0)),
        Fault::StatusCancelled => {
            set(row, name::STATUS, json!("CANCELLED"));
            upstream(row, |upstream| {
                set(upstream, name::STATUS, json!("cancelled"));
                upstream.remove(name::ERROR);
            });
        }
        _ => {}
    }
}

fn change_pending(fault: Fault, row: &mut Row) {
    let is_running = row
        .get(name::STATUS)
        .is_some_and(|status| status == "IN_PROGRESS");
    match fault {
        Fault::StatusSubmitted if !is_running => set(row, name::STATUS, json!("SUBMITTED")),
        Fault::StatusUnknown if is_running => set(row, name::STATUS, json!("UNKNOWN")),
        Fault::UpstreamExpired if is_running => {
            upstream(row, |upstream| {
                set(upstream, name::STATUS, json!("expired"));
            });
        }
        _ => {}
    }
}

fn change_envelope(fault: Fault, body: &mut Value) {
    match fault {
        Fault::NoEnvelope => *body = body[name::DATA].take(),
        Fault::DataNull => body[name::DATA] = Value::Null,
        Fault::RawUpstream => *body = body[name::DATA][name::DATA].take(),
        Fault::MissingMessage => {
            if let Some(body) = body.as_object_mut() {
                body.remove(name::MESSAGE);
            }
        }
        _ => {}
    }
}

fn change_text(fault: Fault, text: String) -> String {
    match fault {
        Fault::EscapedAmpersands => text.replace('&', "\\u0026"),
        // The row begins with its action. The last of two equal keys counts, and that is right.
        Fault::DuplicateKey => {
            let first = format!("\"{}\":", name::ACTION);
            let twice = format!("\"{}\":\"QUEUED\",{first}", name::STATUS);
            text.replacen(&first, &twice, 1)
        }
        _ => text,
    }
}

/// What a gateway knows of a task beyond its documentation.
fn extra_members(row: &mut Row) {
    let submitted = row.get(name::SUBMIT_TIME).cloned().unwrap_or_default();
    let members = json!({
        name::ID: 4711,
        name::CREATED_AT: submitted,
        name::UPDATED_AT: submitted,
        name::PLATFORM: "45",
        name::USER_ID: 12,
        name::GROUP: "default",
        name::CHANNEL_ID: 3,
        name::QUOTA: 250_000,
        name::PROPERTIES: {name::INPUT: "", name::ORIGIN_MODEL_NAME: "seedance-2-0"},
    });
    if let Value::Object(members) = members {
        row.extend(members);
    }
}

fn upstream(row: &mut Row, change: impl FnOnce(&mut Row)) {
    if let Some(upstream) = row.get_mut(name::DATA).and_then(Value::as_object_mut) {
        change(upstream);
    }
}

fn set(row: &mut Row, name: &str, value: Value) {
    row.insert(name.to_owned(), value);
}
