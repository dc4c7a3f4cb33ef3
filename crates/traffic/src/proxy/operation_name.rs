//! What a request is for, as it is counted: a method and a path without ids and secrets.

use http::Method;

use seedance_query::{model::operation::operations, validate::operations::Operation};

/// Maximum length of a segment that is shown.
const MAX_SEGMENT: usize = 24;
/// Maximum number of segments that are shown.
const MAX_SEGMENTS: usize = 8;

/// The method and the path template of a request, such as `GET /v1/videos/{task_id}`.
pub(super) fn operation_name(method: &Method, path: &str) -> String {
    let method = match method.as_str() {
        method if method.len() <= 10 && method.bytes().all(|byte| byte.is_ascii_uppercase()) => {
            method
        }
        _ => "OTHER",
    };
    let path = match Operation::of_target(method, path) {
        Some((operation, _)) => operation.path().to_owned(),
        None => template(path),
    };
    format!("{method} {path}")
}

/// The documented path of a request, or else its path without what may be an id.
fn template(path: &str) -> String {
    let mut documented = operations();
    if let Some(known) = documented.find(|known| known.id_below(path).is_some()) {
        return known.as_str().to_owned();
    }
    let mut segments = path.split('/');
    let shown = segments.by_ref().take(MAX_SEGMENTS);
    let shown = shown.map(|segment| if is_word(segment) { segment } else { "{…}" });
    let mut shown = shown.collect::<Vec<_>>().join("/");
    if segments.next().is_some() {
        shown.push_str("/…");
    }
    shown
}

/// Whether a segment is a name that people chose, such as `v1beta`, rather than an id.
fn is_word(segment: &str) -> bool {
    let digits = segment.bytes().filter(u8::is_ascii_digit).count();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.*".contains(&byte);
    segment.len() <= MAX_SEGMENT && digits <= 2 && segment.bytes().all(is_plain)
}

#[cfg(test)]
mod tests {
    use super::{Method, operation_name};

    #[test]
    fn a_path_is_named_without_its_id() {
        for (method, path, name) in [
            (
                "GET",
                "/v1/video/generations/t1",
                "GET /v1/video/generations/{task_id}",
            ),
            (
                "HEAD",
                "/v1/videos/t1/content",
                "HEAD /v1/videos/{task_id}/content",
            ),
            (
                "POST",
                "/v1/video/generations",
                "POST /v1/video/generations",
            ),
            (
                "POST",
                "/api/v1/video/generations",
                "POST /v1/video/generations",
            ),
            ("GET", "/v1beta/models", "GET /v1beta/models"),
            ("GET", "/files/0a1b2c3d", "GET /files/{…}"),
            ("GET", "/x/sk%2Da/y", "GET /x/{…}/y"),
            ("GET", "/abcdefghijklmnopqrstuvwxyz", "GET /{…}"),
            ("GET", "/a/b/c/d/e/f/g/h", "GET /a/b/c/d/e/f/g/…"),
            ("OPTIONS", "*", "OPTIONS *"),
            ("X-y", "/", "OTHER /"),
        ] {
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            assert_eq!(operation_name(&method, path), name);
        }
    }
}
