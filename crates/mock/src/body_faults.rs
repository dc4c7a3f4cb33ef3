//! How bodies depart from the documentation.

use serde_json::{Map, Value, json};

use super::fault::Fault;

type Row = Map<String, Value>;

/// The text of a body with these faults.
pub(super) fn render(mut body: Value, faults: &[Fault]) -> String {
    let (outer, inner): (Vec<Fault>, Vec<Fault>) = faults.iter().partition(|fault| {
        use Fault::{DataNull, MissingMessage, NoEnvelope, RawUpstream};
        matches!(fault, DataNull | MissingMessage | NoEnvelope | RawUpstream)
    });
    if let Some(row) = body.get_mut("data").and_then(Value::as_object_mut) {
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
        body.pointer("/data/status").and_then(Value::as_str),
        Some("SUCCESS" | "FAILURE")
    )
}

fn change_row(fault: Fault, row: &mut Row) {
    let status = row
        .get("status")
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
            if let Some(Value::String(status)) = row.get_mut("status") {
                status.make_ascii_lowercase();
            }
        }
        Fault::ProgressWithoutPercent => {
            if let Some(Value::String(progress)) = row.get_mut("progress") {
                *progress = progress.trim_end_matches('%').to_owned();
            }
        }
        Fault::NumericProgress => {
            let number = row
                .get("progress")
                .and_then(Value::as_str)
                .and_then(|text| text.trim_end_matches('%').parse::<i64>().ok());
            set(row, "progress", json!(number.unwrap_or(0)));
        }
        Fault::StringSubmitTime => {
            let text = row.get("submit_time").map(Value::to_string);
            set(row, "submit_time", json!(text));
        }
        Fault::TimesInMilliseconds => {
            for name in ["submit_time", "start_time", "finish_time"] {
                let time = row.get(name).and_then(Value::as_i64).unwrap_or(0);
                set(row, name, json!(time.saturating_mul(1000)));
            }
        }
        Fault::ExtraMembers => extra_members(row),
        Fault::NestedEnvelope => {
            let inner = row.remove("data").unwrap_or_default();
            let envelope = json!({"code": "success", "message": "", "data": inner});
            set(row, "data", envelope);
        }
        Fault::ForeignUpstream => set(row, "data", foreign(row)),
        Fault::InnerDataNull => set(row, "data", Value::Null),
        Fault::InnerDataEmpty => set(row, "data", json!({})),
        Fault::MissingFields => {
            for name in ["action", "progress", "submit_time", "start_time"] {
                row.remove(name);
            }
        }
        Fault::MissingRequestId => drop(row.remove("request_id")),
        Fault::MissingTaskId => drop(row.remove("task_id")),
        Fault::MissingStatus => drop(row.remove("status")),
        Fault::UndocumentedAction => set(row, "action", json!("remixGenerate")),
        _ => {}
    }
}

fn change_success(fault: Fault, row: &mut Row) {
    let url = row.get("result_url").cloned().unwrap_or_default();
    match fault {
        Fault::NoUrl => {
            row.remove("result_url");
            upstream(row, |upstream| drop(upstream.remove("content")));
        }
        Fault::UpstreamUrlOnly => drop(row.remove("result_url")),
        Fault::LegacyUrl => {
            row.remove("result_url");
            set(row, "fail_reason", url);
        }
        Fault::LegacyUrlInBoth => set(row, "fail_reason", url),
        Fault::FailReasonNote => set(row, "fail_reason", json!("The prompt was translated.")),
        Fault::UrlMismatch => upstream(row, |upstream| {
            let other = url.as_str().unwrap_or_default().replace(".mp4", "-raw.mp4");
            set(upstream, "content", json!({ "video_url": other }));
        }),
        Fault::InnerStatusDiffers => {
            upstream(row, |upstream| set(upstream, "status", json!("running")));
        }
        Fault::WrongTokens => upstream(row, |upstream| {
            if let Some(usage) = upstream.get_mut("usage").and_then(Value::as_object_mut) {
                for name in ["completion_tokens", "total_tokens"] {
                    let tokens = usage.get(name).and_then(Value::as_i64).unwrap_or(0);
                    set(usage, name, json!(tokens + 1));
                }
            }
        }),
        Fault::SuperResolutionIncomplete => upstream(row, |upstream| {
            if let Some(usage) = upstream.get_mut("usage").and_then(Value::as_object_mut) {
                usage.remove("super_resolution_tokens");
            }
        }),
        _ => {}
    }
}

fn change_failure(fault: Fault, row: &mut Row) {
    match fault {
        Fault::FailureTextInResultUrl => {
            let reason = row.get("fail_reason").cloned().unwrap_or_default();
            set(row, "result_url", reason);
        }
        Fault::FailureWithoutReason => set(row, "fail_reason", json!("")),
        Fault::StartTimeZero => set(row, "start_time", json!(0)),
        Fault::StatusCancelled => {
            set(row, "status", json!("CANCELLED"));
            upstream(row, |upstream| {
                set(upstream, "status", json!("cancelled"));
                upstream.remove("error");
            });
        }
        _ => {}
    }
}

fn change_pending(fault: Fault, row: &mut Row) {
    let is_running = row
        .get("status")
        .is_some_and(|status| status == "IN_PROGRESS");
    match fault {
        Fault::StatusSubmitted if !is_running => set(row, "status", json!("SUBMITTED")),
        Fault::StatusUnknown if is_running => set(row, "status", json!("UNKNOWN")),
        Fault::UpstreamExpired if is_running => {
            upstream(row, |upstream| set(upstream, "status", json!("expired")));
        }
        _ => {}
    }
}

fn change_envelope(fault: Fault, body: &mut Value) {
    match fault {
        Fault::NoEnvelope => *body = body["data"].take(),
        Fault::DataNull => body["data"] = Value::Null,
        Fault::RawUpstream => *body = body["data"]["data"].take(),
        Fault::MissingMessage => {
            if let Some(body) = body.as_object_mut() {
                body.remove("message");
            }
        }
        _ => {}
    }
}

fn change_text(fault: Fault, text: String) -> String {
    match fault {
        Fault::EscapedAmpersands => text.replace('&', "\\u0026"),
        // The row begins with its action. The last of two equal keys counts, and that is right.
        Fault::DuplicateKey => text.replacen("\"action\":", "\"status\":\"QUEUED\",\"action\":", 1),
        _ => text,
    }
}

/// What a gateway knows of a task beyond its documentation.
fn extra_members(row: &mut Row) {
    let submitted = row.get("submit_time").cloned().unwrap_or_default();
    let members = json!({
        "id": 4711,
        "created_at": submitted,
        "updated_at": submitted,
        "platform": "45",
        "user_id": 12,
        "group": "default",
        "channel_id": 3,
        "quota": 250_000,
        "properties": {"input": "", "origin_model_name": "seedance-2-0"},
    });
    if let Value::Object(members) = members {
        row.extend(members);
    }
}

/// The answer of an upstream that is not Seedance.
fn foreign(row: &Row) -> Value {
    let url = row.get("result_url").cloned().unwrap_or_default();
    json!({
        "request_id": "0b7c2f1e-55d0-4a53-9c1e-8d2f6a7b9c10",
        "output": {"task_status": "RUNNING", "video_url": url},
    })
}

fn upstream(row: &mut Row, change: impl FnOnce(&mut Row)) {
    if let Some(upstream) = row.get_mut("data").and_then(Value::as_object_mut) {
        change(upstream);
    }
}

fn set(row: &mut Row, name: &str, value: Value) {
    row.insert(name.to_owned(), value);
}
