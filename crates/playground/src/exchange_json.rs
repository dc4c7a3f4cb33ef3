//! An exchange and its report, as the page reads them.

use std::time::UNIX_EPOCH;

use serde::Serialize;

use super::excerpt::Excerpt;
use seedance_query::{
    model::Shape,
    validate::{Finding, Report, Verdict},
};
use seedance_traffic::{
    SourceMap, TaskTimeline, ValidatedResponse,
    proxy::{ExchangeOutcome, ObservedExchange},
};

/// Only ids that the page made are kept: others may be anything.
const ID_PREFIX: &str = "playground-";

#[derive(Serialize)]
struct ExchangeJson<'a> {
    number: u64,
    /// The id that the page gave its request.
    request_id: Option<&'a str>,
    method: &'a str,
    target: &'a str,
    status: u16,
    /// Unix milliseconds.
    time: u128,
    milliseconds: u128,
    #[serde(flatten)]
    outcome: OutcomeJson<'a>,
}

#[derive(Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
enum OutcomeJson<'a> {
    Validated {
        task_id: Option<&'a str>,
        task_status: Option<&'a str>,
        shape: Option<Shape>,
        verdict: Verdict,
        findings: Vec<FindingJson<'a>>,
        timeline: Option<TaskTimeline>,
    },
    Unvalidated {
        reason: String,
    },
    NoResponse {
        message: &'a str,
    },
}

#[derive(Serialize)]
struct FindingJson<'a> {
    #[serde(flatten)]
    finding: &'a Finding,
    /// What a client should do.
    action: &'static str,
    excerpt: Option<Excerpt>,
}

/// The exchange as a JSON object.
pub(super) fn to_json(number: u64, exchange: &ObservedExchange) -> String {
    let time = exchange.time.duration_since(UNIX_EPOCH);
    let request_id = exchange.request_id.as_deref();
    let json = ExchangeJson {
        number,
        request_id: request_id.filter(|id| id.starts_with(ID_PREFIX)),
        method: &exchange.method,
        target: &exchange.target,
        status: exchange.status,
        time: time.unwrap_or_default().as_millis(),
        milliseconds: exchange.elapsed.as_millis(),
        outcome: match &exchange.outcome {
            ExchangeOutcome::Validated(response) => validated(response, exchange.timeline()),
            ExchangeOutcome::NoResponse(message) => OutcomeJson::NoResponse { message },
            ExchangeOutcome::Unvalidated(reason) => OutcomeJson::Unvalidated {
                reason: reason.replace('_', " "),
            },
            _ => OutcomeJson::Unvalidated {
                reason: "unknown outcome".to_owned(),
            },
        },
    };
    // All keys are strings and all numbers finite.
    serde_json::to_string(&json).unwrap_or_default()
}

fn validated(response: &ValidatedResponse, timeline: Option<TaskTimeline>) -> OutcomeJson<'_> {
    let report = &response.report;
    OutcomeJson::Validated {
        task_id: response.task_id.as_deref(),
        task_status: response.status.as_deref(),
        shape: report.shape(),
        verdict: report.verdict(),
        findings: findings(report, response.body()),
        timeline,
    }
}

fn findings<'a>(report: &'a Report, body: &[u8]) -> Vec<FindingJson<'a>> {
    let map = SourceMap::of(body);
    let findings = report.findings().iter().map(|finding| FindingJson {
        finding,
        action: finding.rule.action(),
        excerpt: map
            .as_ref()
            .and_then(|map| Excerpt::of(map, &finding.pointer)),
    });
    findings.collect()
}
