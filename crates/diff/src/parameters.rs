//! Compares the parameters of an operation.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    audience::Side,
    change_kind::ChangeKind,
    change_log::{ChangeLog, Position},
    node::Node,
    operation::Operation,
    walk,
};

/// What a parameter is known by: where it is sent, and its name; in a path, its place instead.
type Key<'a> = (&'a str, String);

/// Compares the parameters of an operation.
pub(super) fn compare<'a>(
    log: &mut ChangeLog<'a>,
    position: &Position,
    old: &Operation<'a>,
    new: &Operation<'a>,
) {
    let documents = log.documents();
    renamed(log, position, old, new);
    let (before, after) = (all(documents.0, old), all(documents.1, new));
    for (key, parameter) in &before {
        let name = parameter.text("name").unwrap_or_default();
        let Some(other) = after.get(key) else {
            // A path that has changed is said for itself.
            if key.0 != "path" {
                let message = format!("the {} parameter `{name}` was removed", key.0);
                let at = Some(&parameter.at);
                log.add(ChangeKind::ParameterRemoved, position, message, at, None);
            }
            continue;
        };
        both(log, position, parameter, other);
    }
    for (key, parameter) in &after {
        if before.contains_key(key) || key.0 == "path" {
            continue;
        }
        let name = parameter.text("name").unwrap_or_default();
        let (kind, more) = if parameter.says("required") {
            (ChangeKind::RequiredParameterAdded, " and is required")
        } else {
            (ChangeKind::ParameterAdded, "")
        };
        let message = format!("the {} parameter `{name}` was added{more}", key.0);
        log.add(kind, position, message, None, Some(&parameter.at));
    }
}

/// A name in the path is for whoever reads the document: no request has it.
fn renamed(log: &mut ChangeLog<'_>, position: &Position, old: &Operation<'_>, new: &Operation<'_>) {
    let names = old.path_parameters().into_iter().zip(new.path_parameters());
    for (was, is) in names.filter(|(was, is)| was != is) {
        let message = format!("the path parameter `{was}` is now called `{is}`");
        let at = (Some(&old.path_item.at), Some(&new.path_item.at));
        log.add(ChangeKind::ParameterRenamed, position, message, at.0, at.1);
    }
}

fn both<'a>(log: &mut ChangeLog<'a>, position: &Position, old: &Node<'a>, new: &Node<'a>) {
    let name = new.text("name").unwrap_or_default();
    let at = (Some(&old.at), Some(&new.at));
    match (old.says("required"), new.says("required")) {
        (false, true) => {
            let message = format!("the parameter `{name}` is now required");
            log.add(
                ChangeKind::ParameterRequiredAdded,
                position,
                message,
                at.0,
                at.1,
            );
        }
        (true, false) => {
            let message = format!("the parameter `{name}` is no longer required");
            log.add(
                ChangeKind::ParameterRequiredRemoved,
                position,
                message,
                at.0,
                at.1,
            );
        }
        _ => {}
    }
    let position = Position {
        side: Side::Request,
        subject: format!("parameter `{name}`: "),
        ..position.clone()
    };
    if let (Some(old), Some(new)) = (old.child("schema"), new.child("schema")) {
        walk::compare(log, &position, &[old], &[new]);
    }
}

/// The parameters of an operation, and of its path.
fn all<'a>(document: &'a Value, operation: &Operation<'a>) -> BTreeMap<Key<'a>, Node<'a>> {
    let places = operation.path_parameters();
    let shared = operation.path_item.children("parameters");
    let own = operation.node.children("parameters");
    let parameters = shared
        .iter()
        .chain(&own)
        .map(|node| node.resolved(document));
    parameters
        .filter_map(|node| {
            let (name, kind) = (node.text("name")?, node.text("in")?);
            let place = places.iter().position(|place| *place == name);
            let key = match place.filter(|_| kind == "path") {
                Some(place) => place.to_string(),
                // The case of a header does not count.
                None if kind == "header" => name.to_lowercase(),
                None => name.to_owned(),
            };
            Some(((kind, key), node))
        })
        .collect()
}
