//! What a document says beside the bodies: path, servers, statuses, interval.

use super::{
    change_kind::ChangeKind,
    change_log::{ChangeLog, Position},
};
use seedance_spec::{Metadata, pointer::Pointer};

/// Not in a body.
fn nowhere() -> Position {
    Position {
        pointer: Pointer::root(),
        shapes: Vec::new(),
    }
}

/// Compares the operation: where it is asked for, how often, and what it can answer.
pub(super) fn compare(log: &mut ChangeLog<'_>) {
    let (old, new) = (&log.old.parsed.metadata, &log.new.parsed.metadata);
    let position = nowhere();
    let call = |metadata: &Metadata| {
        let method = metadata.operation.tokens().nth(2).unwrap_or_default();
        format!("{} {}", method.to_uppercase(), metadata.path)
    };
    let at = (Some(&old.operation), Some(&new.operation));
    if call(old) != call(new) {
        let message = format!("changed from `{}` to `{}`", call(old), call(new));
        log.add(ChangeKind::OperationMoved, &position, message, at.0, at.1);
    }
    if old.poll_interval_seconds != new.poll_interval_seconds {
        let message = format!(
            "changed from {} s to {} s",
            old.poll_interval_seconds, new.poll_interval_seconds
        );
        let keyword = "x-poll-interval-seconds";
        let (old, new) = (old.operation.join(keyword), new.operation.join(keyword));
        log.add(
            ChangeKind::PollIntervalChanged,
            &position,
            message,
            Some(&old),
            Some(&new),
        );
    }
    responses(log, old, new);
    for (index, server) in new.servers.iter().enumerate() {
        if !old.servers.contains(server) {
            let at = Pointer::root().join("servers").join(index);
            let message = format!("`{server}` was added");
            log.add(ChangeKind::ServerAdded, &position, message, None, Some(&at));
        }
    }
    for (index, server) in old.servers.iter().enumerate() {
        if !new.servers.contains(server) {
            let at = Pointer::root().join("servers").join(index);
            let message = format!("`{server}` was removed");
            log.add(
                ChangeKind::ServerRemoved,
                &position,
                message,
                Some(&at),
                None,
            );
        }
    }
}

fn responses(log: &mut ChangeLog<'_>, old: &Metadata, new: &Metadata) {
    let position = nowhere();
    let name = |status: &str| match status {
        "default" => "every other HTTP status".to_owned(),
        status => format!("HTTP {status}"),
    };
    for status in &new.responses {
        if !old.responses.contains(status) {
            let kind = if status.starts_with('2') {
                ChangeKind::SuccessStatusAdded
            } else {
                ChangeKind::HttpStatusAdded
            };
            let at = new.operation.join("responses").join(status);
            let message = format!("{} was added", name(status));
            log.add(kind, &position, message, None, Some(&at));
        }
    }
    for status in &old.responses {
        if !new.responses.contains(status) {
            let kind = if status.starts_with('2') {
                ChangeKind::SuccessStatusRemoved
            } else {
                ChangeKind::HttpStatusRemoved
            };
            let at = old.operation.join("responses").join(status);
            let message = format!("{} was removed", name(status));
            log.add(kind, &position, message, Some(&at), None);
        }
    }
}
