//! The gateway's log of a key: what was charged, and what was given back.

use seedance_query::model::name;
use serde_json::{Value, json};

use super::{
    super::{answer::Answer, call::Call, links::Links, query::Queried, task::Task},
    errors,
    row::{self, Channel},
};

/// An entry that charges.
const CHARGED: i64 = 2;
/// An entry that gives back.
const GIVEN_BACK: i64 = 6;

/// The log of the key that asks, the latest entry first.
pub(crate) fn answer(call: &Call<'_>) -> Answer {
    if !call.state.has_right_key(call.headers) {
        return errors::unauthorized(call);
    }
    let mut entries = call.state.each_task(|task| entries(call, task)).concat();
    // Those of a second stay in their order.
    entries.sort_by_key(|entry| std::cmp::Reverse(entry[name::CREATED_AT].as_i64()));
    for (number, entry) in (1..).zip(&mut entries) {
        entry[name::ID] = json!(number);
    }
    let body = json!({ name::DATA: entries, name::MESSAGE: "", "success": true });
    Answer::json(200, &body)
}

/// What was charged for a task and given back, if it was submitted.
fn entries(call: &Call<'_>, task: &mut Task) -> Vec<Value> {
    let Some(submission) = task.submission.clone() else {
        return Vec::new();
    };
    let state = call.state;
    let channel = Channel::of(state.settings.white_label);
    let entry = |kind: i64, at: i64, content: &str, quota: i64| {
        json!({
            name::USER_ID: 1,
            name::CREATED_AT: at,
            name::TYPE: kind,
            name::CONTENT: content,
            "username": "root",
            "token_name": "t",
            "model_name": task.asked.model,
            name::QUOTA: quota,
            "prompt_tokens": 0,
            name::COMPLETION_TOKENS: 0,
            "use_time": 0,
            "is_stream": false,
            "channel": channel.id,
            "channel_name": "",
            "token_id": 1,
            name::GROUP: "default",
            "ip": "",
        })
    };
    let mut other = json!({
        "group_ratio": 1,
        "model_price": -1,
        "model_ratio": channel.ratio,
    });
    let mut charge = entry(CHARGED, task.submitted, "操作 generate", channel.quota);
    // Nothing else leads from the charge to its task.
    charge[name::REQUEST_ID] = json!(submission.request_id);
    let mut asked = other.clone();
    asked["is_task"] = json!(true);
    asked["request_path"] = json!(submission.path);
    charge["other"] = json!(asked.to_string());

    let phase = task.phase(state.clock.elapsed());
    let body = row::body(&Queried {
        state,
        task,
        phase,
        links: &Links::default(),
        faults: &[],
    });
    let row = row::of(&body);
    other[name::TASK_ID] = json!(task.id);
    let mut ended = match row[name::STATUS].as_str() {
        Some("FAILURE") => {
            other["reason"] = row[name::FAIL_REASON].clone();
            entry(GIVEN_BACK, at(row), "", channel.quota)
        }
        Some("SUCCESS") => {
            let tokens = row[name::USAGE][name::TOTAL_TOKENS].as_i64().unwrap_or(0);
            let actual = tokens * channel.ratio;
            other["pre_consumed_quota"] = json!(channel.quota);
            other["actual_quota"] = json!(actual);
            let content = format!(
                "token重算：tokens={tokens}, modelRatio={}.00, groupRatio=1.00, otherMultiplier=1.0000",
                channel.ratio
            );
            // What was reserved can be too little as well.
            let left = channel.quota - actual;
            let kind = if left < 0 { CHARGED } else { GIVEN_BACK };
            entry(kind, at(row), &content, left.abs())
        }
        _ => return vec![charge],
    };
    ended["other"] = json!(other.to_string());
    vec![ended, charge]
}

fn at(row: &Value) -> i64 {
    row[name::FINISH_TIME].as_i64().unwrap_or(0)
}
