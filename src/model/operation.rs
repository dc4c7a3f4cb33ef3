//! The paths of the operations that name a task: a path becomes a task id, and an id a path.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use super::{tables, task_id::TaskId, url::without_parameters};

/// What stands for itself in a segment of a path (RFC 3986, "unreserved").
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The path of an operation, with one segment such as `{task_id}` for the id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathTemplate(&'static str);

/// The task query, as the OpenAPI document has it.
pub const QUERY: PathTemplate = PathTemplate(tables::PATH);

/// The gateway's own address of a video.
pub const CONTENT: PathTemplate = PathTemplate(tables::CONTENT_PATH);

/// All operations of the document that name a task, the query first.
pub fn operations() -> impl Iterator<Item = PathTemplate> {
    tables::TASK_PATHS.iter().copied().map(PathTemplate)
}

/// Whether a URL is one of the gateway's own, which answer with a video.
pub fn is_content(url: &str) -> bool {
    let url = without_parameters(url);
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => url,
    };
    // Their paths have no parameters; the value of one could be a secret.
    if path.contains(['=', ':']) {
        return false;
    }
    let mut paths = tables::VIDEO_PATHS.iter().copied().map(PathTemplate);
    paths.any(|path| path.split(url).is_some())
}

impl PathTemplate {
    /// A path of the document.
    pub(crate) const fn new(path: &'static str) -> Self {
        Self(path)
    }

    /// The template as text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// The path of a task, percent-encoded.
    #[must_use]
    pub fn path_for(self, id: &TaskId) -> String {
        let id = utf8_percent_encode(id.as_str(), ESCAPED).to_string();
        let segments = self.0.split('/');
        let segments: Vec<&str> = segments
            .map(|segment| if is_parameter(segment) { &id } else { segment })
            .collect();
        segments.join("/")
    }

    /// The id in a path that is this one as a whole.
    #[must_use]
    pub fn id_in(self, path: &str) -> Option<TaskId> {
        let (base, id) = self.split(path)?;
        base.is_empty().then_some(id)
    }

    /// The id in a path that ends with this one, below any base URL; parameters at its end are
    /// ignored.
    #[must_use]
    pub fn id_below(self, path: &str) -> Option<TaskId> {
        self.split(without_parameters(path)).map(|(_, id)| id)
    }

    /// What stands before this path, and the id in it.
    fn split(self, path: &str) -> Option<(&str, TaskId)> {
        let (mut base, mut id) = (path, None);
        for segment in self
            .0
            .split('/')
            .skip(1)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
        {
            let (before, found) = base.rsplit_once('/')?;
            if is_parameter(segment) {
                id = Some(percent_decode_str(found).decode_utf8().ok()?);
            } else if segment != found {
                return None;
            }
            base = before;
        }
        Some((base, id?.into_owned().try_into().ok()?))
    }
}

fn is_parameter(segment: &str) -> bool {
    segment.starts_with('{')
}

#[cfg(test)]
mod tests {
    use super::{CONTENT, QUERY, TaskId, is_content, operations};

    #[test]
    fn parameters_do_not_make_a_content_address() {
        let path = CONTENT.path_for(&"task_1".parse().unwrap());
        for url in [
            path.clone(),
            format!("https://gateway.example:8080/base{path}"),
            format!("{path}?from=https://page.example/a=b"),
            format!("https://gateway.example{path};a=b"),
        ] {
            assert!(is_content(&url), "{url}");
        }
        for url in [
            format!("https://cdn.example/token=c0ffee{path}"),
            format!("/token=c0ffee{path}?from=https://page.example/a"),
            format!("https://cdn.example?from={path}"),
            "https://cdn.example".to_owned(),
        ] {
            assert!(!is_content(&url), "{url}");
        }
    }

    #[test]
    fn the_id_in_the_path_of_a_task_is_its_own() {
        for id in ["asyntask_1", "a/b?c#d", "ü+ %2F", "{task_id}", "~-._"] {
            let id: TaskId = id.parse().unwrap();
            for operation in operations() {
                let path = operation.path_for(&id);
                assert_eq!(operation.id_in(&path), Some(id.clone()), "{path}");
                let below = format!("https://gateway.example/x{path}?format=ni#top");
                assert_eq!(operation.id_below(&below), Some(id.clone()), "{below}");
                assert_eq!(operation.id_in(&below), None);
            }
        }
    }

    #[test]
    fn other_paths_name_no_task() {
        for path in [
            "",
            "/",
            "/v1/video/generations",
            "/v1/video/generations/",
            "/v1/video/generations/t/x",
            "/v1/video/generations/%ff",
            "/v1/video/other/t",
            "v1/video/generations",
        ] {
            assert_eq!(QUERY.id_below(path), None, "{path}");
        }
        assert_eq!(CONTENT.id_in("/v1/videos/t"), None);
        assert!(is_content("https://a.example/x/v1/videos/t/content?a=b"));
        assert!(is_content("/v1/video/generations/t/content"));
        assert!(!is_content("https://a.example/v1/videos/t"));
        assert_eq!(
            QUERY.path_for(&"a/b".parse().unwrap()),
            "/v1/video/generations/a%2Fb"
        );
    }
}
