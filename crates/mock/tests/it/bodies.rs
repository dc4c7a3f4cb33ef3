//! Whether a task has a fault of bodies.

use std::time::Duration;

use seedance_mock::{Fault, Gateway};
use seedance_query::{Rule, TaskId};
use serde_json::Value;

use super::{LIFE, Reply, query};

/// Whether the body shows the fault at its moment, or else at the end.
pub async fn shows(fault: Fault, gateway: &Gateway, id: &TaskId) -> bool {
    let waiting = query(gateway, id).await.unwrap();
    gateway.advance(Duration::from_mins(1));
    let running = query(gateway, id).await.unwrap();
    gateway.advance(LIFE);
    let ended = query(gateway, id).await.unwrap();
    match fault {
        Fault::StatusSubmitted => {
            waiting.rules() == [Rule::UnknownStatus] && status(&waiting) == "SUBMITTED"
        }
        Fault::StatusUnknown => {
            running.rules() == [Rule::UnknownStatus] && status(&running) == "UNKNOWN"
        }
        Fault::UpstreamExpired => {
            running.rules() == [Rule::UpstreamStatus] && ended.rules() == [Rule::UpstreamStatus]
        }
        _ => is_drifted(fault, &ended),
    }
}

fn status(reply: &Reply) -> Value {
    reply.json()["data"]["status"].clone()
}

fn is_drifted(fault: Fault, reply: &Reply) -> bool {
    let body = reply.json();
    let row = &body["data"];
    let upstream = &row["data"];
    let is_url = |value: &Value| value.as_str().is_some_and(|text| text.starts_with("http"));
    let lacks = |name: &str| row.is_object() && row.get(name).is_none();
    // What the validator says, and what only a look at the body tells.
    let (rules, looks): (&[Rule], bool) = match fault {
        Fault::ErrorWithTask => (
            &[Rule::UndocumentedHttpStatus, Rule::HttpStatusMismatch],
            reply.status == 500 && row["status"] == "SUCCESS",
        ),
        Fault::FailureTextInResultUrl => (
            &[Rule::ErrorTextAsUrl],
            row["result_url"] == row["fail_reason"],
        ),
        Fault::FailureWithoutReason => (&[Rule::FailureWithoutReason], row["fail_reason"] == ""),
        Fault::StartTimeZero => (&[], row["status"] == "FAILURE" && row["start_time"] == 0),
        Fault::NoUrl => (
            &[Rule::NoResultUrl, Rule::OmittedField],
            !reply.text().contains("http"),
        ),
        Fault::UpstreamUrlOnly => (
            &[Rule::NoResultUrl],
            is_url(&upstream["content"]["video_url"]),
        ),
        Fault::LegacyUrl => (
            &[Rule::LegacyResultUrl],
            is_url(&row["fail_reason"]) && lacks("result_url"),
        ),
        Fault::LegacyUrlInBoth => (
            &[],
            is_url(&row["fail_reason"]) && row["fail_reason"] == row["result_url"],
        ),
        Fault::FailReasonNote => (&[Rule::FailReasonEcho], !is_url(&row["fail_reason"])),
        Fault::UrlMismatch => (
            &[],
            lacks("original_result_url") && {
                let inner = &upstream["content"]["video_url"];
                is_url(inner) && is_url(&row["result_url"]) && *inner != row["result_url"]
            },
        ),
        Fault::EscapedAmpersands => (
            &[],
            reply.text().contains(r"\u0026X-Tos-Signature") && !reply.text().contains('&'),
        ),
        Fault::StatusCancelled => (&[Rule::UnknownStatus], row["status"] == "CANCELLED"),
        Fault::StatusLowerCase => (&[Rule::UnknownStatus], row["status"] == "success"),
        Fault::InnerStatusDiffers => (&[Rule::UpstreamStatus], upstream["status"] == "running"),
        Fault::ProgressWithoutPercent => (&[Rule::OddFormat], row["progress"] == "100"),
        Fault::NumericProgress => (&[Rule::WrongType], row["progress"] == 100),
        Fault::StringSubmitTime => (&[Rule::WrongType], row["submit_time"].is_string()),
        Fault::TimesInMilliseconds => (
            &[Rule::OddFormat; 3],
            row["finish_time"].as_i64() > Some(1_000_000_000_000),
        ),
        Fault::ExtraMembers => (&[], row["channel_id"].is_number()),
        Fault::NoEnvelope => (&[Rule::NoEnvelope], body["task_id"].is_string()),
        Fault::DataNull => (
            &[Rule::MissingField],
            body["code"] == "success" && row.is_null(),
        ),
        Fault::NestedEnvelope => (&[Rule::NestedEnvelope], upstream["code"] == "success"),
        Fault::ForeignUpstream => (&[Rule::ForeignUpstream], upstream["output"].is_object()),
        Fault::RawUpstream => (&[Rule::NoEnvelope], body["content"].is_object()),
        Fault::InnerDataNull => (&[Rule::OmittedField], upstream.is_null() && !lacks("data")),
        Fault::InnerDataEmpty => (
            &[Rule::OmittedField],
            upstream.as_object().is_some_and(serde_json::Map::is_empty),
        ),
        Fault::MissingFields => (
            &[Rule::OmittedField; 4],
            ["action", "progress", "submit_time", "start_time"]
                .into_iter()
                .all(lacks),
        ),
        Fault::MissingRequestId => (&[Rule::OmittedField], lacks("request_id")),
        Fault::MissingTaskId => (&[Rule::MissingField], lacks("task_id")),
        Fault::MissingStatus => (&[Rule::MissingField], lacks("status")),
        Fault::MissingMessage => (&[Rule::OmittedField], body.get("message").is_none()),
        Fault::DuplicateKey => (&[Rule::DuplicateKey], row["status"] == "SUCCESS"),
        Fault::UndocumentedAction => (&[Rule::UndocumentedValue], row["action"].is_string()),
        Fault::WrongTokens => (&[Rule::TokenArithmetic], row["status"] == "SUCCESS"),
        Fault::SuperResolutionIncomplete => (
            &[Rule::SuperResolutionIncomplete],
            is_url(&row["original_result_url"]),
        ),
        _ => return false,
    };
    reply.rules() == rules && looks
}
