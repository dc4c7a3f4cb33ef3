//! The gateway's own row of a task.

use std::time::Duration;

use seedance_query::model::{name, pointers};
use serde_json::{Map, Value, json};

use super::super::{
    asked::MODEL,
    body, body_faults,
    fault::Fault,
    links::Links,
    query::Queried,
    state::Settings,
    task::{Phase, Task, WAITING},
    variation::Variation,
};

/// The gateway gives a task up after this time.
const LIMIT: Duration = Duration::from_hours(24);
const GIVEN_UP: &str = "任务超时（1440分钟）";
/// What a white label says of every failure.
const HIDDEN: &str = "The task failed.";

/// An upstream channel: its kind, its number, what a token costs, and what is reserved for a task.
pub(crate) struct Channel {
    platform: &'static str,
    pub(crate) id: u32,
    pub(crate) ratio: i64,
    pub(crate) quota: i64,
}

const PLAIN: Channel = Channel {
    platform: "54",
    id: 1,
    ratio: 23,
    quota: 5_750_000,
};
const WHITE_LABEL: Channel = Channel {
    platform: "107",
    id: 4,
    ratio: 20,
    quota: 5_000_000,
};

impl Channel {
    pub(crate) fn of(is_white_label: bool) -> &'static Self {
        if is_white_label { &WHITE_LABEL } else { &PLAIN }
    }
}

/// Whether a fault shows in this gateway's row: it has no such member, or has no upstream's part.
pub(crate) fn fits(fault: Fault, settings: &Settings) -> bool {
    match fault {
        Fault::MissingRequestId => false,
        Fault::UpstreamUrlOnly
        | Fault::UrlMismatch
        | Fault::InnerStatusDiffers
        | Fault::InnerDataNull
        | Fault::UpstreamExpired
        | Fault::WrongTokens
        | Fault::SuperResolutionIncomplete => !settings.white_label,
        _ => true,
    }
}

/// The answer to a task query.
pub(crate) fn answer(queried: &Queried<'_>) -> (u16, String) {
    let (body, faults) = (body(queried), queried.faults);
    let fails = faults.contains(&Fault::ErrorWithTask) && body_faults::is_terminal(&body);
    let status = if fails { 500 } else { 200 };
    // A task without a URL has the gateway's own address here.
    let others: Vec<Fault> = faults
        .iter()
        .copied()
        .filter(|fault| *fault != Fault::NoUrl)
        .collect();
    (status, escaped(&body_faults::render(body, &others)))
}

/// Ampersands are escaped in all of this gateway's JSON.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "\\u0026")
}

/// The row in its envelope.
pub(crate) fn body(queried: &Queried<'_>) -> Value {
    let Queried {
        state,
        task,
        phase,
        links,
        faults,
    } = *queried;
    let mut body = body::body(task, phase, links);
    let is_given_up = phase != Phase::Ended && task.age(state.clock.elapsed()) >= LIMIT;
    if let Some(row) = body.get_mut(name::DATA).and_then(Value::as_object_mut) {
        progress(task, phase, row, faults);
        if is_given_up {
            give_up(task, row);
        }
        finish(phase, row, links, faults);
        common(state.settings.white_label, task, row);
        if state.settings.white_label {
            hide(row, links);
        }
    }
    body
}

/// How far a task is, in this gateway's steps.
fn progress(task: &Task, phase: Phase, row: &mut Map<String, Value>, faults: &[Fault]) {
    // An upstream that has ended without a word that the gateway knows leaves the row where it was.
    let has_ended_upstream = faults.contains(&Fault::UpstreamExpired);
    let (percent, updated) = match phase {
        Phase::NotStarted => ("0%", task.submitted),
        Phase::Queued => ("10%", task.submitted + WAITING),
        Phase::Running { seconds, .. } => {
            let percent = if has_ended_upstream { "30%" } else { "50%" };
            let started = row.get(name::START_TIME).and_then(Value::as_i64);
            (percent, started.unwrap_or(task.submitted) + seconds)
        }
        Phase::Ended => ("100%", task.finished()),
    };
    row.insert(name::PROGRESS.to_owned(), json!(percent));
    row.insert(name::UPDATED_AT.to_owned(), json!(updated));
    if phase == Phase::NotStarted {
        let id = Variation::of(task).upstream_id;
        row.insert(name::DATA.to_owned(), json!({ name::ID: id }));
    }
}

fn give_up(task: &Task, row: &mut Map<String, Value>) {
    let limit = i64::try_from(LIMIT.as_secs()).unwrap_or(i64::MAX);
    let at = task.submitted.saturating_add(limit);
    for (name, value) in [
        (name::STATUS, json!("FAILURE")),
        (name::FAIL_REASON, json!(GIVEN_UP)),
        (name::FINISH_TIME, json!(at)),
        (name::UPDATED_AT, json!(at)),
        (name::PROGRESS, json!("100%")),
    ] {
        row.insert(name.to_owned(), value);
    }
}

/// What a task that has ended has beyond the documentation.
fn finish(phase: Phase, row: &mut Map<String, Value>, links: &Links, faults: &[Fault]) {
    let is = |status: &str| row.get(name::STATUS).is_some_and(|own| own == status);
    if is("FAILURE") {
        // Where the address would be is the reason once more.
        let reason = row.get(name::FAIL_REASON).cloned().unwrap_or_default();
        row.insert(name::RESULT_URL.to_owned(), reason);
    }
    if phase != Phase::Ended {
        return;
    }
    let counted = row
        .get(name::DATA)
        .and_then(|upstream| upstream.get(name::USAGE));
    if let Some(usage) = counted.and_then(billed) {
        row.insert(name::USAGE.to_owned(), usage);
    }
    if faults.contains(&Fault::NoUrl) && !links.content.is_empty() {
        row.insert(name::RESULT_URL.to_owned(), json!(links.content));
        if let Some(content) = row
            .get_mut(name::DATA)
            .and_then(|data| data.get_mut(name::CONTENT))
        {
            *content = json!({});
        }
    }
}

/// What is billed of what the upstream counted.
fn billed(counted: &Value) -> Option<Value> {
    let tokens = [name::SUPER_RESOLUTION_TOKENS, name::TOTAL_TOKENS]
        .into_iter()
        .find_map(|name| counted.get(name)?.as_i64())?;
    Some(json!({ name::COMPLETION_TOKENS: tokens, name::TOTAL_TOKENS: tokens }))
}

/// What every row has.
fn common(is_white_label: bool, task: &Task, row: &mut Map<String, Value>) {
    let channel = Channel::of(is_white_label);
    // The request's id is in a header.
    row.remove(name::REQUEST_ID);
    let mut properties = json!({
        name::INPUT: "",
        name::ORIGIN_MODEL_NAME: task.asked.model,
    });
    if !is_white_label {
        let upstream = row.get(name::DATA).and_then(|data| data.get(name::MODEL));
        let upstream = upstream.cloned().unwrap_or_else(|| json!(MODEL));
        properties[name::UPSTREAM_MODEL_NAME] = upstream;
    }
    for (name, value) in [
        (name::ID, json!(task.number)),
        (name::CREATED_AT, json!(task.submitted)),
        (name::PLATFORM, json!(channel.platform)),
        (name::USER_ID, json!(1)),
        (name::GROUP, json!("default")),
        (name::CHANNEL_ID, json!(channel.id)),
        (name::QUOTA, json!(channel.quota)),
        (name::PROPERTIES, properties),
    ] {
        row.insert(name.to_owned(), value);
    }
}

/// Takes away what would tell of the upstream.
fn hide(row: &mut Map<String, Value>, links: &Links) {
    row.insert(name::DATA.to_owned(), Value::Null);
    row.remove(name::ORIGINAL_RESULT_URL);
    if row.contains_key(name::RESULT_URL) {
        let url = Some(&links.content).filter(|url| !url.is_empty());
        match url.filter(|_| {
            row.get(name::STATUS)
                .is_some_and(|status| status == "SUCCESS")
        }) {
            Some(url) => drop(row.insert(name::RESULT_URL.to_owned(), json!(url))),
            None => drop(row.remove(name::RESULT_URL)),
        }
    }
    let failed = row
        .get(name::STATUS)
        .is_some_and(|status| status == "FAILURE");
    let has_hidden = row
        .get(name::FAIL_REASON)
        .is_some_and(|reason| reason != GIVEN_UP);
    if failed && has_hidden {
        row.insert(name::FAIL_REASON.to_owned(), json!(HIDDEN));
    }
}

/// The row of a body.
pub(crate) fn of(body: &Value) -> &Value {
    body.pointer(pointers::DATA).unwrap_or(&Value::Null)
}

/// What went wrong, as the other forms say it.
pub(crate) fn error(row: &Value, code: &str) -> Value {
    json!({ name::MESSAGE: row[name::FAIL_REASON], name::CODE: code })
}
