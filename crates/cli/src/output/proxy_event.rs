//! An event of the proxy as JSON.

use seedance_traffic::proxy::ProxyEvent;
use serde_json::{Value, json};

/// One line of `proxy --json`.
pub(crate) fn proxy_event_json(event: &ProxyEvent<'_>) -> Value {
    match event {
        ProxyEvent::Validated {
            response: validated,
            capture,
        } => json!({
            "event": "validated",
            "source": validated.source,
            "capture": capture,
            "report": validated.report,
        }),
        ProxyEvent::NotRecorded(message) => json!({
            "event": "not_recorded",
            "message": message,
        }),
        ProxyEvent::NoConnection(message) => json!({
            "event": "no_connection",
            "message": message,
        }),
        _ => Value::Null,
    }
}
