//! A task in the short form, with its videos in a list.

use seedance_query::model::name;
use serde_json::{Value, json};

use super::{
    super::{query::Queried, task::Task},
    form_faults::render,
    row,
};

pub(crate) fn answer(queried: &Queried<'_>) -> (u16, String) {
    let body = row::body(queried);
    let list = content_list(queried.task, row::of(&body));
    render(list, queried)
}

fn content_list(task: &Task, row: &Value) -> Value {
    match row[name::STATUS].as_str().unwrap_or_default() {
        "SUCCESS" => json!({
            name::ID: task.id,
            name::STATUS: "succeeded",
            name::CONTENT: [{
                name::TYPE: name::VIDEO_URL,
                name::VIDEO_URL: { name::URL: row[name::RESULT_URL] },
            }],
            name::USAGE: row[name::USAGE],
        }),
        "FAILURE" => json!({
            name::ID: task.id,
            name::STATUS: "failed",
            name::ERROR: row::error(row, ""),
        }),
        _ => json!({ name::ID: task.id, name::STATUS: "processing" }),
    }
}
