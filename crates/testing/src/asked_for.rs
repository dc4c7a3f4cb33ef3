//! Bodies about whichever task is asked for.

/// Stands in the bodies of captures for the task that is asked for, which the server puts there.
pub(super) const ASKED_FOR: &str = "asyntask_AskedForAskedForAskedForAskedFor";

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
