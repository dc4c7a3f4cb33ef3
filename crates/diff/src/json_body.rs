//! The body of a request or a response, where that is JSON.

use serde_json::Value;

use super::node::Node;

/// The schema of a body that is JSON.
pub(super) fn schema<'a>(document: &'a Value, response: &Node<'a>) -> Option<Node<'a>> {
    let content = response.members("content");
    let rank = |kind: &str| match kind.split(';').next().unwrap_or_default().trim() {
        "application/json" => Some(0),
        kind if kind.ends_with("+json") => Some(1),
        "application/*" | "*/*" => Some(2),
        _ => None,
    };
    let json = content.iter().filter(|(kind, _)| rank(kind).is_some());
    let (_, media) = json.min_by_key(|(kind, _)| rank(kind))?;
    media.resolved(document).child("schema")
}
