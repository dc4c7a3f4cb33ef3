//! Why a request failed, unwrapped from the envelopes around it.

use std::iter;

use serde_json::Value;

use super::foreign_names;
use crate::model::{json::parse_text, name};

/// At most this many JSON errors in one another are opened; two are seen in the wild.
const LAYERS: usize = 4;

/// Code and message of the innermost error of a body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reason {
    pub code: Option<String>,
    pub message: Option<String>,
    /// How many messages were JSON themselves.
    pub depth: usize,
}

impl Reason {
    /// Reads either JSON envelope, and the ones that stand in its message as text.
    pub fn of(body: &Value) -> Self {
        Self::of_layer(body).unwrapped()
    }

    /// Reads a message that can be a JSON error itself.
    pub fn of_text(message: &str) -> Self {
        let reason = Self {
            message: Some(message.to_owned()),
            ..Self::default()
        };
        reason.unwrapped()
    }

    fn unwrapped(self) -> Self {
        let mut reason = self;
        while reason.depth < LAYERS {
            let Some(inner) = reason.message.as_deref().and_then(nested) else {
                break;
            };
            reason = Self {
                code: inner.code.or(reason.code),
                message: inner.message,
                depth: reason.depth + 1,
            };
        }
        reason
    }

    fn of_layer(body: &Value) -> Self {
        let error = body
            .get(name::ERROR)
            .filter(|error| error.is_object())
            .unwrap_or(body);
        let code = match error.get(name::CODE) {
            // The envelope of a task says so, also under an HTTP status that says otherwise.
            Some(Value::String(code)) if !code.is_empty() && code != "success" => {
                Some(code.clone())
            }
            Some(Value::Number(code)) => Some(code.to_string()),
            _ => None,
        };
        let texts = messages().filter_map(|name| error.get(name)?.as_str());
        let mut texts = texts.filter(|text| !text.is_empty());
        Self {
            code,
            message: texts.next().map(str::to_owned),
            depth: 0,
        }
    }

    /// The upstream has no capacity left, which passes. Comes with any HTTP status, also 403.
    pub fn is_saturated(&self) -> bool {
        self.code.as_deref() == Some("upstream_load_saturated")
    }

    /// The gateway knows no such task; for some seconds after the submit this can be too early.
    pub fn is_unknown_task(&self) -> bool {
        let code = "task_not_exist";
        self.code.as_deref() == Some(code) || self.message.as_deref() == Some(code)
    }
}

/// The members that hold the message of an error: the documented one, and what other gateways and
/// the proxies in front of them call it.
fn messages() -> impl Iterator<Item = &'static str> {
    iter::once(name::MESSAGE).chain(foreign_names::MESSAGES)
}

/// The member that holds the message of an error instead of the documented one, and the message.
pub(super) fn other_message(body: &Value) -> Option<(&'static str, &str)> {
    let is_documented = body.get(name::MESSAGE).is_some_and(Value::is_string)
        || body.get(name::ERROR).is_some_and(Value::is_object);
    let mut names = messages().filter(|_| !is_documented);
    names.find_map(|name| {
        let text = body.get(name)?.as_str().filter(|text| !text.is_empty())?;
        Some((name, text))
    })
}

/// What a message says that is a JSON error itself.
fn nested(message: &str) -> Option<Reason> {
    let message = message.trim();
    let value = message.starts_with('{').then(|| parse_text(message))??;
    let reason = Reason::of_layer(&value);
    (reason.code.is_some() || reason.message.is_some()).then_some(reason)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Reason;

    #[test]
    fn unwraps_until_there_is_no_more_json() {
        let inner = json!({"error": {"code": "InvalidParameter", "message": "bad content"}});
        let twice = json!({"code": "outer", "message": inner.to_string()});
        let body =
            json!({"code": "fail_to_fetch_task", "message": twice.to_string(), "data": null});
        let reason = Reason::of(&body);
        assert_eq!(reason.code.as_deref(), Some("InvalidParameter"));
        assert_eq!(reason.message.as_deref(), Some("bad content"));
        assert_eq!(reason.depth, 2);
    }

    #[test]
    fn takes_no_words_for_an_error_that_are_none() {
        let body = json!({"code": "outer", "message": r#"{"message":""}"#});
        let reason = Reason::of(&body);
        assert_eq!(reason.code.as_deref(), Some("outer"));
        assert_eq!(reason.message.as_deref(), Some(r#"{"message":""}"#));
        assert_eq!(reason.depth, 0);
        let body = json!({"code": "outer", "message": r#"{"code":"inner"}"#});
        let reason = Reason::of(&body);
        assert_eq!(
            (reason.code.as_deref(), reason.message, reason.depth),
            (Some("inner"), None, 1)
        );
    }

    #[test]
    fn stops_unwrapping_a_hostile_body() {
        let mut body = json!({"code": "core", "message": "m"});
        for _ in 0..10 {
            body = json!({"code": "layer", "message": body.to_string()});
        }
        assert_eq!(Reason::of(&body).depth, super::LAYERS);
        assert_eq!(Reason::of(&Value::Null), Reason::default());
    }
}
