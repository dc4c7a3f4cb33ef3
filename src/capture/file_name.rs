//! The names of recorded captures: `ID-0001-pending.http`.

use std::borrow::Cow;

use super::exchange::Capture;
use crate::{
    model::{Shape, file_name::for_task, operation::operations},
    redact::Redactor,
    validate::validate_response,
};

/// What every capture is called at its end.
const ENDING: &str = ".http";

/// What a capture is called but for its number.
pub(super) struct FileName {
    pub task: String,
    what: String,
}

impl FileName {
    /// The name of a file is for everyone to see, so no secret may be in it.
    pub fn of(capture: &Capture, redactor: &Redactor) -> Self {
        let target = capture.request.as_ref().map(|request| &request.target);
        let target = target.map(|target| redactor.bytes(target.as_bytes()));
        let target = target.map(|target| String::from_utf8_lossy(&target).into_owned());
        Self {
            task: for_task(&target.as_deref().map_or("response".into(), task), ""),
            what: what(capture),
        }
    }

    pub fn numbered(&self, number: u32) -> String {
        format!("{}-{number:04}-{}{ENDING}", self.task, self.what)
    }

    /// Task and number of a file's name.
    pub fn parts(name: &str) -> Option<(&str, u32)> {
        let (rest, _) = name.strip_suffix(ENDING)?.rsplit_once('-')?;
        let (task, number) = rest.rsplit_once('-')?;
        let is_number = number.len() >= 4 && number.bytes().all(|byte| byte.is_ascii_digit());
        Some((task, number.parse().ok().filter(|_| is_number)?))
    }
}

/// The task that a path names; the last segment of a path that is of no known operation.
fn task(target: &str) -> Cow<'_, str> {
    let mut operations = operations();
    if let Some(id) = operations.find_map(|operation| operation.id_below(target)) {
        return id.as_str().to_owned().into();
    }
    let path = target.split(['?', '#']).next().unwrap_or_default();
    path.rsplit('/').next().unwrap_or_default().into()
}

/// What a response is: the shape of its task, or its HTTP status.
fn what(capture: &Capture) -> String {
    let status = capture.status.as_u16();
    match validate_response(status, &capture.body).shape() {
        Some(shape) if shape != Shape::Error => shape.to_string(),
        _ => status.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::FileName;

    #[test]
    fn a_name_tells_its_task_and_number() {
        let parts = FileName::parts;
        assert_eq!(parts("a-b-0012-super_resolution.http"), Some(("a-b", 12)));
        assert_eq!(parts("a-12-normal.http"), None);
    }
}
