//! Compares the responses of an operation: their statuses, headers and bodies.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{
    change_kind::ChangeKind,
    change_log::{ChangeLog, Position},
    json_body::schema,
    node::Node,
    operation::Operation,
    shapes::{ERROR, shapes_in},
    walk,
};

/// What is answered with any status that is not listed.
const DEFAULT: &str = "default";

/// Compares the responses of an operation.
pub(super) fn compare<'a>(
    log: &mut ChangeLog<'a>,
    position: &Position,
    old: &Operation<'a>,
    new: &Operation<'a>,
) {
    let documents = log.documents();
    let (before, after) = (all(documents.0, old), all(documents.1, new));
    let of = |list: &[(&'a str, Node<'a>)], status: &str| {
        let found = list.iter().find(|(known, _)| *known == status);
        found.map(|(_, node)| node.clone())
    };
    let statuses = before.iter().chain(&after).map(|(status, _)| *status);
    for status in statuses.collect::<BTreeSet<&str>>() {
        let (was, is) = (of(&before, status), of(&after, status));
        match (&was, &is) {
            (None, Some(node)) => {
                let kind = if is_success(status) {
                    ChangeKind::SuccessStatusAdded
                } else {
                    ChangeKind::HttpStatusAdded
                };
                let message = format!("{} was added", name(status));
                log.add(kind, position, message, None, Some(&node.at));
            }
            (Some(node), None) => {
                let kind = if is_success(status) {
                    ChangeKind::SuccessStatusRemoved
                } else {
                    ChangeKind::HttpStatusRemoved
                };
                let message = format!("{} was removed", name(status));
                log.add(kind, position, message, Some(&node.at), None);
            }
            _ => {}
        }
        // What is not listed is what `default` says, in both documents.
        let otherwise = |list: &[(&'a str, Node<'a>)]| {
            let listed = of(list, DEFAULT);
            listed.filter(|_| !is_success(status))
        };
        let was = was.or_else(|| otherwise(&before));
        let is = is.or_else(|| otherwise(&after));
        if let (Some(was), Some(is)) = (was, is) {
            both(log, position, status, &was, &is);
        }
    }
}

fn both<'a>(
    log: &mut ChangeLog<'a>,
    position: &Position,
    status: &str,
    old: &Node<'a>,
    new: &Node<'a>,
) {
    headers(log, position, status, old, new);
    let documents = log.documents();
    let (was, is) = (schema(documents.0, old), schema(documents.1, new));
    let (old, new) = (Some(&old.at), Some(&new.at));
    match (was, is) {
        (Some(was), Some(is)) => {
            let mut shapes = shapes_in(documents.1, &is);
            shapes.extend(shapes_in(documents.0, &was));
            if shapes.is_empty() && !is_success(status) {
                shapes.insert(ERROR);
            }
            walk::compare(log, &position.of_shapes(shapes), &[was], &[is]);
        }
        (None, Some(_)) => {
            let message = format!("the body of {} is described now", name(status));
            log.add(ChangeKind::BodyAdded, position, message, old, new);
        }
        (Some(_), None) => {
            let message = format!("the body of {} is no longer described", name(status));
            log.add(ChangeKind::BodyRemoved, position, message, old, new);
        }
        (None, None) => {}
    }
}

fn headers<'a>(
    log: &mut ChangeLog<'a>,
    position: &Position,
    status: &str,
    old: &Node<'a>,
    new: &Node<'a>,
) {
    let (before, after) = (old.members("headers"), new.members("headers"));
    let has = |list: &[(&str, Node<'a>)], name: &str| {
        list.iter()
            .any(|(known, _)| known.eq_ignore_ascii_case(name))
    };
    for (header, node) in before.iter().filter(|(header, _)| !has(&after, header)) {
        let message = format!("the header `{header}` of {} was removed", name(status));
        log.add(
            ChangeKind::HeaderRemoved,
            position,
            message,
            Some(&node.at),
            None,
        );
    }
    for (header, node) in after.iter().filter(|(header, _)| !has(&before, header)) {
        let message = format!("the header `{header}` of {} was added", name(status));
        log.add(
            ChangeKind::HeaderAdded,
            position,
            message,
            None,
            Some(&node.at),
        );
    }
}

fn all<'a>(document: &'a Value, operation: &Operation<'a>) -> Vec<(&'a str, Node<'a>)> {
    let responses = operation.node.members("responses").into_iter();
    let responses = responses.filter(|(status, _)| !status.starts_with("x-"));
    responses
        .map(|(status, node)| (status, node.resolved(document)))
        .collect()
}

fn is_success(status: &str) -> bool {
    status.starts_with('2')
}

fn name(status: &str) -> String {
    match status {
        DEFAULT => "every other HTTP status".to_owned(),
        status => format!("HTTP {status}"),
    }
}
