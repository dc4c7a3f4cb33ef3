//! A request to the mock on one line.

use seedance_mock::Request;
use seedance_query::redact;
use serde_json::{Value, json};

/// A request for a person, without anything secret.
pub(crate) fn request_line(request: &Request) -> String {
    let path = redact::text(&request.path);
    let status = match request.status {
        Some(status) if request.is_complete => status.to_string(),
        Some(status) => format!("{status} (broken off after {} bytes)", request.body_bytes),
        None => "no answer".to_owned(),
    };
    let time = jiff::Timestamp::now().strftime("%H:%M:%SZ");
    let mut line = format!("{time}  {} {path}  {status}", request.method);
    if let Some(duration) = request.duration {
        line += &format!("  {} ms", duration.as_millis());
    }
    // Other paths tell the task.
    if let Some(id) = request
        .task_id
        .as_ref()
        .filter(|id| !path.contains(id.as_str()))
    {
        line += &format!("  {}", redact::text(id.as_str()));
    }
    line
}

/// A request for a program, without anything secret.
pub(crate) fn request_json(request: &Request) -> Value {
    json!({
        "event": "request",
        "time": jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "method": request.method,
        "path": redact::text(&request.path),
        "status": request.status,
        "task_id": request.task_id.as_ref().map(|id| redact::text(id.as_str()).into_owned()),
        "is_complete": request.is_complete,
        "duration_ms": request.duration.map(|duration| duration.as_millis()),
    })
}
