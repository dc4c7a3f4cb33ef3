//! Compares how operations are called: path, parameters, authentication, interval; and servers.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{
    audience::Side,
    change_kind::ChangeKind,
    change_log::{ChangeLog, Position},
    json_body,
    node::Node,
    operation::{Operation, Pairs, pair},
    parameters, responses, walk,
};
use seedance_spec::pointer::Pointer;

/// Compares all operations of two documents.
pub(super) fn compare(log: &mut ChangeLog<'_>) {
    let documents = log.documents();
    let (old, new) = (Operation::all(documents.0), Operation::all(documents.1));
    let is_one_of_many = old.len() > 1 || new.len() > 1;
    let position = |operation: &Operation<'_>| Position {
        operation: is_one_of_many.then(|| operation.call()),
        ..Position::default()
    };
    let Pairs { both, gone, come } = pair(old, new);
    for (old, new) in &both {
        operation(log, &position(new), old, new);
    }
    for operation in &gone {
        let message = format!("`{}` was removed", operation.call());
        let at = Some(&operation.node.at);
        log.add(
            ChangeKind::OperationRemoved,
            &position(operation),
            message,
            at,
            None,
        );
    }
    for operation in &come {
        let message = format!("`{}` was added", operation.call());
        let at = Some(&operation.node.at);
        log.add(
            ChangeKind::OperationAdded,
            &position(operation),
            message,
            None,
            at,
        );
    }
    servers(log);
}

fn operation<'a>(
    log: &mut ChangeLog<'a>,
    position: &Position,
    old: &Operation<'a>,
    new: &Operation<'a>,
) {
    let at = (Some(&old.node.at), Some(&new.node.at));
    if old.template() != new.template() {
        let message = format!("changed from `{}` to `{}`", old.call(), new.call());
        log.add(ChangeKind::OperationMoved, position, message, at.0, at.1);
    }
    if old.id() != new.id() {
        let name = |operation: &Operation<'_>| match operation.id() {
            Some(id) => format!("`{id}`"),
            None => "none".to_owned(),
        };
        let message = format!(
            "the operation's id changed from {} to {}",
            name(old),
            name(new)
        );
        log.add(
            ChangeKind::OperationIdChanged,
            position,
            message,
            at.0,
            at.1,
        );
    }
    interval(log, position, old, new);
    security(log, position, old, new);
    parameters::compare(log, position, old, new);
    request_body(log, position, old, new);
    responses::compare(log, position, old, new);
}

fn interval(
    log: &mut ChangeLog<'_>,
    position: &Position,
    old: &Operation<'_>,
    new: &Operation<'_>,
) {
    let keyword = "x-poll-interval-seconds";
    let of = |operation: &Operation<'_>| operation.node.schema.get(keyword).cloned();
    let (was, is) = (of(old), of(new));
    if was == is {
        return;
    }
    let time = |seconds: Option<Value>| match seconds {
        Some(seconds) => format!("{seconds} s"),
        None => "an unspecified time".to_owned(),
    };
    let message = format!("changed from {} to {}", time(was), time(is));
    let (old, new) = (old.node.at.join(keyword), new.node.at.join(keyword));
    let kind = ChangeKind::PollIntervalChanged;
    log.add(kind, position, message, Some(&old), Some(&new));
}

/// Compares the ways to authenticate, whatever they are called.
fn security(
    log: &mut ChangeLog<'_>,
    position: &Position,
    old: &Operation<'_>,
    new: &Operation<'_>,
) {
    let documents = log.documents();
    let (before, after) = (ways(documents.0, old), ways(documents.1, new));
    if before == after {
        return;
    }
    let list = |ways: &BTreeSet<String>| match ways.len() {
        0 => "none".to_owned(),
        _ => ways.iter().cloned().collect::<Vec<_>>().join(" or "),
    };
    let message = format!(
        "authentication changed from {} to {}",
        list(&before),
        list(&after)
    );
    let at = |operation: &Operation<'_>| match operation.node.child("security") {
        Some(node) => node.at,
        None => Pointer::root().join("security"),
    };
    let (old, new) = (at(old), at(new));
    let kind = ChangeKind::SecurityChanged;
    log.add(kind, position, message, Some(&old), Some(&new));
}

/// Each way to authenticate, as a caller sees it.
fn ways(document: &Value, operation: &Operation<'_>) -> BTreeSet<String> {
    let security = operation
        .node
        .schema
        .get("security")
        .or_else(|| document.get("security"));
    let alternatives = security.and_then(Value::as_array).into_iter().flatten();
    let scheme = |name: &String| {
        let schemes = document.pointer("/components/securitySchemes");
        let scheme = schemes
            .and_then(|schemes| schemes.get(name))
            .unwrap_or(&Value::Null);
        let parts = ["type", "scheme", "in", "name"].into_iter();
        let parts: Vec<&str> = parts
            .filter_map(|part| scheme.get(part)?.as_str())
            .collect();
        parts.join(" ")
    };
    alternatives
        .map(|all| {
            let names = all.as_object().into_iter().flat_map(Map::keys);
            let mut schemes: Vec<String> = names.map(scheme).collect();
            schemes.sort_unstable();
            schemes.join(" and ")
        })
        .collect()
}

fn request_body<'a>(
    log: &mut ChangeLog<'a>,
    position: &Position,
    old: &Operation<'a>,
    new: &Operation<'a>,
) {
    let documents = log.documents();
    let body = |operation: &Operation<'a>, document| {
        let node = operation.node.child("requestBody")?;
        Some(node.resolved(document))
    };
    let position = Position {
        side: Side::Request,
        ..position.clone()
    };
    let required = |node: &Node<'_>| node.says("required");
    match (body(old, documents.0), body(new, documents.1)) {
        (Some(old), Some(new)) => {
            let at = (Some(&old.at), Some(&new.at));
            if required(&old) != required(&new) {
                let (kind, message) = if required(&new) {
                    (ChangeKind::RequiredAdded, "a body is now required")
                } else {
                    (ChangeKind::RequiredRemoved, "a body is no longer required")
                };
                log.add(kind, &position, message, at.0, at.1);
            }
            let schemas = (
                json_body::schema(documents.0, &old),
                json_body::schema(documents.1, &new),
            );
            if let (Some(old), Some(new)) = schemas {
                walk::compare(log, &position, &[old], &[new]);
            }
        }
        (None, Some(new)) => {
            let kind = if required(&new) {
                ChangeKind::RequiredFieldAdded
            } else {
                ChangeKind::FieldAdded
            };
            log.add(
                kind,
                &position,
                "a request body was added",
                None,
                Some(&new.at),
            );
        }
        (Some(old), None) => {
            let message = "the request body was removed";
            log.add(
                ChangeKind::FieldRemoved,
                &position,
                message,
                Some(&old.at),
                None,
            );
        }
        (None, None) => {}
    }
}

fn servers(log: &mut ChangeLog<'_>) {
    let documents = log.documents();
    let position = Position::default();
    let urls = |document| -> Vec<(String, Pointer)> {
        let servers = Node::new(document, Pointer::root()).children("servers");
        let urls = servers
            .iter()
            .filter_map(|node| Some((node.text("url")?.to_owned(), node.at.clone())));
        urls.collect()
    };
    let (old, new) = (urls(documents.0), urls(documents.1));
    let has = |list: &[(String, Pointer)], url: &str| list.iter().any(|(known, _)| known == url);
    for (url, at) in new.iter().filter(|(url, _)| !has(&old, url)) {
        let message = format!("`{url}` was added");
        log.add(ChangeKind::ServerAdded, &position, message, None, Some(at));
    }
    for (url, at) in old.iter().filter(|(url, _)| !has(&new, url)) {
        let message = format!("`{url}` was removed");
        log.add(
            ChangeKind::ServerRemoved,
            &position,
            message,
            Some(at),
            None,
        );
    }
}
