//! A task in the form of OpenAI's video API.

use seedance_query::model::name;
use serde_json::{Value, json};

use super::{
    super::{query::Queried, task::Task},
    form_faults::render,
    row,
};

pub(crate) fn answer(queried: &Queried<'_>) -> (u16, String) {
    let body = row::body(queried);
    let video = video_object(
        queried.task,
        row::of(&body),
        queried.state.settings.white_label,
    );
    render(video, queried)
}

fn video_object(task: &Task, row: &Value, is_white_label: bool) -> Value {
    let status = match row[name::STATUS].as_str().unwrap_or_default() {
        "SUCCESS" => "completed",
        "FAILURE" => "failed",
        "IN_PROGRESS" => "in_progress",
        "QUEUED" => "queued",
        _ => "unknown",
    };
    let progress = row[name::PROGRESS].as_str().unwrap_or_default();
    let progress = progress.trim_end_matches('%').parse::<i64>().unwrap_or(0);
    let mut video = json!({
        name::ID: task.id,
        name::TASK_ID: task.id,
        name::OBJECT: "video",
        name::MODEL: task.asked.model,
        name::STATUS: status,
        name::PROGRESS: progress,
        name::CREATED_AT: task.submitted,
        name::COMPLETED_AT: row[name::UPDATED_AT],
    });
    let is_complete = status == "completed";
    if is_complete {
        video[name::USAGE] = row[name::USAGE].clone();
    }
    if status == "failed" {
        let code = &row[name::DATA][name::ERROR][name::CODE];
        video[name::ERROR] = row::error(row, code.as_str().unwrap_or_default());
    }
    if is_complete || !is_white_label {
        let url = if is_complete {
            row[name::RESULT_URL].clone()
        } else {
            json!("")
        };
        video[name::METADATA] = json!({ name::URL: url });
    }
    video
}
