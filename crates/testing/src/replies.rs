//! Replies of a gateway and of a store.

use super::{
    asked_for::ASKED_FOR,
    files::{captured_body, read, root},
    http_message::{Request, bytes, json},
    http_server::Reply,
};

pub use super::asked_for::about_task;

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

/// The body of a capture as a successful response about whichever task is asked for.
pub fn captured(name: &str) -> Reply {
    ok(&about_task(ASKED_FOR, &captured_body(name)))
}

/// A body of `tests/drift` as a successful response about whichever task is asked for.
pub fn drifted(name: &str) -> Reply {
    let body = read(&root().join("tests/drift").join(name)).bytes;
    ok(&about_task(ASKED_FOR, &body))
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
