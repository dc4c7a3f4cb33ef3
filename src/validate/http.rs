//! What the HTTP status of a response means for its body.

use serde_json::Value;

use super::{
    malformed::title,
    readings::contract,
    report::{Finding, shown},
    rule::Rule,
};

pub(crate) fn is_success(status: u16) -> bool {
    (200..300).contains(&status)
}

/// The finding for an error that has neither JSON envelope, if the contract allows such a thing.
pub(crate) fn foreign_error(status: u16, body: &[u8]) -> Option<Finding> {
    let text = String::from_utf8_lossy(body);
    let page = title(body.trim_ascii());
    let what = match (text.trim(), page) {
        ("", _) => "without a body".to_owned(),
        (_, Some(title)) => format!("with the page \"{title}\""),
        (text, None) => {
            let head: String = text.chars().take(400).collect();
            let words: Vec<&str> = head.split_whitespace().collect();
            format!("with the text \"{}\"", shown(&words.join(" ")))
        }
    };
    if !contract::ErrorBody::is_valid(&Value::String(text.into_owned())) {
        return None;
    }
    let message = format!("HTTP {status} comes {what} instead of a JSON error");
    Some(Finding::new(Rule::ForeignError, "", message))
}
