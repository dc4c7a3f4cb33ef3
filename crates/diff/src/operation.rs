//! What is said outside of the bodies.

use super::{
    compare::{Comparison, Spot},
    kind::Kind,
};
use seedance_spec::{Facts, pointer::Pointer};

/// No body has it.
fn nowhere() -> Spot {
    Spot {
        pointer: Pointer::root(),
        shapes: Vec::new(),
    }
}

/// Compares the operation: where it is asked for, how often, and what it can answer.
pub(super) fn operation(comparison: &mut Comparison<'_>) {
    let (old, new) = (&comparison.old.parsed.facts, &comparison.new.parsed.facts);
    let spot = nowhere();
    let call = |facts: &Facts| {
        let method = facts.operation.segments().nth(2).unwrap_or_default();
        format!("{} {}", method.to_uppercase(), facts.path)
    };
    let at = (Some(&old.operation), Some(&new.operation));
    if call(old) != call(new) {
        let message = format!("it was `{}`, and is `{}`", call(old), call(new));
        comparison.add(Kind::OperationMoved, &spot, message, at.0, at.1);
    }
    if old.poll_interval_seconds != new.poll_interval_seconds {
        let message = format!(
            "it was {} s, and is {} s",
            old.poll_interval_seconds, new.poll_interval_seconds
        );
        let keyword = "x-poll-interval-seconds";
        let (old, new) = (old.operation.join(keyword), new.operation.join(keyword));
        comparison.add(
            Kind::PollIntervalChanged,
            &spot,
            message,
            Some(&old),
            Some(&new),
        );
    }
    responses(comparison, old, new);
    for (index, server) in new.servers.iter().enumerate() {
        if !old.servers.contains(server) {
            let at = Pointer::root().join("servers").join(index);
            let message = format!("`{server}` is new");
            comparison.add(Kind::ServerAdded, &spot, message, None, Some(&at));
        }
    }
    for (index, server) in old.servers.iter().enumerate() {
        if !new.servers.contains(server) {
            let at = Pointer::root().join("servers").join(index);
            let message = format!("`{server}` is gone");
            comparison.add(Kind::ServerRemoved, &spot, message, Some(&at), None);
        }
    }
}

fn responses(comparison: &mut Comparison<'_>, old: &Facts, new: &Facts) {
    let spot = nowhere();
    let name = |status: &str| match status {
        "default" => "every other HTTP status".to_owned(),
        status => format!("HTTP {status}"),
    };
    for status in &new.responses {
        if !old.responses.contains(status) {
            let kind = if status.starts_with('2') {
                Kind::SuccessStatusAdded
            } else {
                Kind::HttpStatusAdded
            };
            let at = new.operation.join("responses").join(status);
            let message = format!("{} is new", name(status));
            comparison.add(kind, &spot, message, None, Some(&at));
        }
    }
    for status in &old.responses {
        if !new.responses.contains(status) {
            let kind = if status.starts_with('2') {
                Kind::SuccessStatusRemoved
            } else {
                Kind::HttpStatusRemoved
            };
            let at = old.operation.join("responses").join(status);
            let message = format!("{} is gone", name(status));
            comparison.add(kind, &spot, message, Some(&at), None);
        }
    }
}
