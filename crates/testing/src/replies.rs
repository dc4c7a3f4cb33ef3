//! Replies of a gateway and of a store.

use super::{
    files::{captured_body, read, root},
    http_message::{Request, bytes, json},
    http_server::Reply,
};

/// A response, after which the connection is closed.
pub fn response(status: &str, headers: &str, body: &[u8]) -> Reply {
    Reply::close(bytes(status, headers, body))
}

/// A response that has no other length than the one in its headers.
pub fn raw(status: &str, headers: &str, body: &[u8]) -> Reply {
    let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\n{headers}\r\n");
    Reply::close([head.as_bytes(), body].concat())
}

/// A successful response with this body.
pub fn ok(body: &[u8]) -> Reply {
    Reply::close(json(body))
}

/// Stands in the bodies of captures for the task that is asked for, which the server puts there.
const ASKED_FOR: &str = "asyntask_AskedForAskedForAskedForAskedFor";

/// The body of a capture as a successful response about whichever task is asked for.
pub fn captured(name: &str) -> Reply {
    ok(&about_task(ASKED_FOR, &captured_body(name)))
}

/// A body of `tests/drift` as a successful response about whichever task is asked for.
pub fn drifted(name: &str) -> Reply {
    let body = read(&root().join("tests/drift").join(name)).bytes;
    ok(&about_task(ASKED_FOR, &body))
}

/// What is sent for a request, about the task that it asks for if that has an id of the same length.
pub(super) fn about_asked_for(target: &str, bytes: Vec<u8>) -> Vec<u8> {
    let id = target.rsplit('/').next().unwrap_or_default();
    if id.len() != ASKED_FOR.len() {
        return bytes;
    }
    replaced(&bytes, ASKED_FOR, id)
}

fn replaced(bytes: &[u8], old: &str, new: &str) -> Vec<u8> {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.replace(old, new).into_bytes(),
        Err(_) => bytes.to_vec(),
    }
}

/// A body about the task with this id instead of its own.
pub fn about_task(id: &str, body: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(body);
    let own = text.split_once("\"task_id\": \"");
    let own = own.and_then(|(_, rest)| rest.split('"').next());
    match own.filter(|own| own.starts_with("asyntask_")) {
        Some(own) => replaced(body, own, id),
        None => body.to_vec(),
    }
}

/// A file as a store gives it, or the part of it that is asked for.
pub fn file(request: &Request, bytes: &[u8], tag: &str) -> Reply {
    let tagged = format!("ETag: {tag}\r\nContent-Type: video/mp4\r\n");
    let is_same = request.header("if-range").is_none_or(|given| given == tag);
    match request.from().filter(|_| is_same) {
        None => response("200 OK", &tagged, bytes),
        Some(from) if from >= bytes.len() => {
            let headers = format!("Content-Range: bytes */{}\r\n", bytes.len());
            response("416 Range Not Satisfiable", &headers, b"")
        }
        Some(from) => {
            let (last, total) = (bytes.len() - 1, bytes.len());
            let range = format!("Content-Range: bytes {from}-{last}/{total}\r\n{tagged}");
            response("206 Partial Content", &range, &bytes[from..])
        }
    }
}
