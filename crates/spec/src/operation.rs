//! An operation of the document, and what it sends and answers.

use serde_json::Value;

use super::{pointer::Pointer, request_limits::RequestLimits};

/// An operation, and what it sends and answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Where it stands.
    pub at: Pointer,
    /// The path, with names such as `{task_id}` in it.
    pub path: String,
    /// The HTTP method in lower case.
    pub method: String,
    /// The `operationId`, if it has one.
    pub id: Option<String>,
    /// Whether it is not in the vendor's documentation, but seen in the wild.
    pub is_observed: bool,
    /// Whether it is the task query.
    pub is_task_query: bool,
    /// Whether it answers with the video of a task.
    pub is_video_content: bool,
    /// The schema of the one parameter in its path, if there is just one.
    pub path_parameter: Option<String>,
    /// The form in which it tells of a task, where that is not the task query's.
    pub form: Option<String>,
    /// The media types that it answers with, those of a success first.
    pub media_types: Vec<String>,
    /// The component schema of the JSON that it sends, if it does.
    pub request: Option<String>,
    /// What holds for what it sends, beyond that schema.
    pub limits: RequestLimits,
    /// What it can answer, in the order of the statuses.
    pub responses: Vec<Response>,
}

/// A documented response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// An HTTP status code, a range such as `4XX`, or `default`.
    pub status: String,
    /// What comes with it.
    pub content: Content,
}

/// What a response comes with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// No body.
    Nothing,
    /// JSON that fits this component schema.
    Json(String),
    /// Something else, such as `video/mp4`.
    Other(String),
}

impl Operation {
    /// What the document says of it.
    #[must_use]
    pub fn json<'a>(&self, document: &'a Value) -> &'a Value {
        let object = document.pointer(&self.at.to_string());
        object.unwrap_or(&Value::Null)
    }

    /// The schemas of its JSON bodies, each with whether it comes with a success.
    pub fn response_bodies(&self) -> impl Iterator<Item = (&str, bool)> {
        self.responses.iter().filter_map(|response| {
            let Content::Json(name) = &response.content else {
                return None;
            };
            Some((name.as_str(), response.is_success()))
        })
    }

    /// The schema of the body of a success, the first if there are several.
    #[must_use]
    pub fn success(&self) -> Option<&str> {
        let mut bodies = self.response_bodies();
        bodies.find_map(|(name, is_success)| is_success.then_some(name))
    }

    /// The schema of the body of an error; that of `default` if there are several.
    #[must_use]
    pub fn error(&self) -> Option<&str> {
        let bodies = self.response_bodies().filter(|(_, is_success)| !is_success);
        bodies.last().map(|(name, _)| name)
    }
}

impl Response {
    /// Whether it stands for success.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.status.starts_with('2')
    }
}
