//! The answer of an upstream that is not Seedance, in the names of another vendor.

use serde_json::{Map, Value, json};

use seedance_query::model::name;

/// The answer with the video of this row.
pub(super) fn answer(row: &Map<String, Value>) -> Value {
    let url = row.get(name::RESULT_URL).cloned().unwrap_or_default();
    json!({
        "request_id": "0b7c2f1e-55d0-4a53-9c1e-8d2f6a7b9c10",
        "output": {"task_status": "RUNNING", "video_url": url},
    })
}
