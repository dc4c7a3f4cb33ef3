//! The operations of the document, and which of them is the task query.

use serde_json::{Map, Value};

use super::{
    pointer::{Pointer, schema_name},
    problem::Problem,
    request_limits::RequestLimits,
};

/// The HTTP methods that a path can have an operation for.
pub const METHODS: [&str; 8] = [
    "delete", "get", "head", "options", "patch", "post", "put", "trace",
];

/// What marks the operation that the library is about.
pub const TASK_QUERY: &str = "x-task-query";
/// What marks the operation that answers with the video of a task.
const VIDEO_CONTENT: &str = "x-video-content";
/// What says that a schema is another form of a task.
const TASK_FORM: &str = "x-task-form";

/// The id of the task query in a document without that mark.
pub const TASK_QUERY_ID: &str = "query_task";

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

/// All operations of the document, in its order; one of them is the task query.
///
/// # Errors
///
/// An operation cannot be read, or nothing says which one is the task query.
pub fn operations(document: &Value) -> Result<Vec<Operation>, Problem> {
    let at = Pointer::root().join("paths");
    let mut operations = Vec::new();
    for (path, item) in members(document.get("paths")) {
        for (method, operation) in members(Some(item)) {
            if METHODS.contains(&method.as_str())
                && let Some(operation) = operation.as_object()
            {
                let at = at.join(path).join(method);
                operations.push(read(document, item, operation, &at, (path, method))?);
            }
        }
    }
    let query = task_query(document, &operations)?;
    operations[query].is_task_query = true;
    one_for_each_role(&operations)?;
    Ok(operations)
}

/// One operation answers with the video, and one tells of a task in each form.
fn one_for_each_role(operations: &[Operation]) -> Result<(), Problem> {
    let mut videos = operations.iter().filter(|one| one.is_video_content);
    if let Some(second) = videos.nth(1) {
        let message = "another operation answers with the video already";
        return Err(Problem::at(&second.at.join(VIDEO_CONTENT), message));
    }
    for (index, operation) in operations.iter().enumerate() {
        let same = |other: &&Operation| operation.form.is_some() && other.form == operation.form;
        if let Some(first) = operations[..index].iter().find(same) {
            let message = format!("{} tells of a task in this form already", first.path);
            return Err(Problem::at(&operation.at.join("responses"), message));
        }
    }
    Ok(())
}

fn read(
    document: &Value,
    item: &Value,
    operation: &Map<String, Value>,
    at: &Pointer,
    (path, method): (&str, &str),
) -> Result<Operation, Problem> {
    let mut responses = Vec::new();
    let mut media_types = Vec::new();
    for (status, response) in members(operation.get("responses")) {
        let at = at.join("responses").join(status);
        responses.push(Response {
            status: status.clone(),
            content: content(response, &at)?,
        });
        for (kind, _) in members(response.get("content")) {
            if !media_types.contains(kind) {
                media_types.push(kind.clone());
            }
        }
    }
    if responses.is_empty() {
        return Err(Problem::at(at, "the operation has no responses"));
    }
    // Digits, then ranges, then `default`.
    responses.sort_by(|a, b| a.status.cmp(&b.status));
    let request = match operation.get("requestBody") {
        None => None,
        Some(body) => match content(body, &at.join("requestBody"))? {
            Content::Json(name) => Some(name),
            _ => None,
        },
    };
    let is_video_content = match operation.get(VIDEO_CONTENT) {
        None => false,
        Some(mark) if mark == true => true,
        Some(mark) => {
            let message = format!("{mark} is not a value of `{VIDEO_CONTENT}`");
            return Err(Problem::at(&at.join(VIDEO_CONTENT), message));
        }
    };
    let mut read = Operation {
        path: path.to_owned(),
        method: method.to_owned(),
        id: operation
            .get("operationId")
            .and_then(Value::as_str)
            .map(str::to_owned),
        is_observed: operation
            .get("x-source")
            .is_some_and(|source| source == "observed"),
        is_task_query: false,
        is_video_content,
        path_parameter: path_parameter(item, operation, path),
        form: None,
        media_types,
        request,
        limits: RequestLimits::read(operation, at)?,
        responses,
        at: at.clone(),
    };
    read.form = read.success().and_then(|name| form(document, name));
    Ok(read)
}

/// The form of a task that a schema describes.
fn form(document: &Value, schema: &str) -> Option<String> {
    let schema = document.pointer(&Pointer::schema(schema).to_string())?;
    Some(schema.get(TASK_FORM)?.as_str()?.to_owned())
}

/// The component schema of the one parameter in a path.
fn path_parameter(item: &Value, operation: &Map<String, Value>, path: &str) -> Option<String> {
    let (_, rest) = path.split_once('{')?;
    let (name, rest) = rest.split_once('}')?;
    if rest.contains('{') {
        return None;
    }
    let own = operation.get("parameters").and_then(Value::as_array);
    let shared = item.get("parameters").and_then(Value::as_array);
    let mut parameters = own.into_iter().chain(shared).flatten();
    let parameter = parameters.find(|parameter| {
        parameter.get("in").is_some_and(|place| place == "path")
            && parameter.get("name").is_some_and(|own| own == name)
    })?;
    let reference = parameter.pointer("/schema/$ref")?.as_str()?;
    schema_name(reference).map(str::to_owned)
}

/// The content of a response or a request body; JSON goes before other kinds.
fn content(holder: &Value, at: &Pointer) -> Result<Content, Problem> {
    let at = at.join("content");
    let mut other = None;
    for (kind, media) in members(holder.get("content")) {
        if !is_json(kind) {
            other = other.or_else(|| Some(kind.clone()));
            continue;
        }
        let reference = media.pointer("/schema/$ref").and_then(Value::as_str);
        let name = reference.and_then(schema_name).ok_or_else(|| {
            let at = at.join(kind);
            Problem::at(&at, "JSON content needs a schema that is a `$ref`")
        })?;
        return Ok(Content::Json(name.to_owned()));
    }
    Ok(other.map_or(Content::Nothing, Content::Other))
}

/// Whether a media type is JSON, such as `application/problem+json; charset=utf-8`.
pub fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    essence == "application/json" || essence.ends_with("+json")
}

/// The one place that says which operation the library is about: the one that is marked, else the
/// one with the usual id, else the only one.
fn task_query(document: &Value, operations: &[Operation]) -> Result<usize, Problem> {
    let all = operations.iter().enumerate();
    let mut marked = Vec::new();
    for (index, operation) in all.clone() {
        match operation.json(document).get(TASK_QUERY) {
            None => {}
            Some(mark) if mark == true => marked.push(index),
            Some(mark) => {
                let message = format!("{mark} is not a value of `{TASK_QUERY}`");
                return Err(Problem::at(&operation.at.join(TASK_QUERY), message));
            }
        }
    }
    let at = Pointer::root().join("paths");
    let query = match (marked.as_slice(), operations) {
        ([query], _) => *query,
        ([_, second, ..], _) => {
            let at = operations[*second].at.join(TASK_QUERY);
            return Err(Problem::at(&at, "there is more than one task query"));
        }
        ([], []) => return Err(Problem::at(&at, "the document has no operation")),
        ([], [_]) => 0,
        ([], _) => {
            let mut usual =
                all.filter(|(_, operation)| operation.id.as_deref() == Some(TASK_QUERY_ID));
            let usual = usual.next().map(|(index, _)| index);
            let message = format!(
                "none of the {} operations is the task query: mark it with `{TASK_QUERY}: true`",
                operations.len()
            );
            usual.ok_or_else(|| Problem::at(&at, message))?
        }
    };
    if operations[query].success().is_none() {
        return Err(Problem::at(
            &operations[query].at.join("responses"),
            "the task query needs a 2xx response with JSON content",
        ));
    }
    Ok(query)
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value
        .and_then(Value::as_object)
        .into_iter()
        .flat_map(Map::iter)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Content, is_json, operations};

    #[test]
    fn responses_with_and_without_content_are_told_apart() {
        let schema = json!({ "schema": { "$ref": "#/components/schemas/A" } });
        let document = json!({ "paths": { "/a": {
            "summary": "not an operation",
            "parameters": [],
            "get": { "responses": {
                "default": { "description": "d", "content": { "application/problem+json; v=1": schema } },
                "200": { "description": "d", "content": { "text/plain": {}, "application/json": schema } },
                "204": { "description": "d" },
                "206": { "description": "d", "content": { "video/mp4": {} } },
            } },
        } } });
        let operations = operations(&document).unwrap();
        let [operation] = operations.as_slice() else {
            panic!("{operations:?}");
        };
        let responses = operation.responses.iter();
        let responses: Vec<_> = responses
            .map(|response| (response.status.as_str(), &response.content))
            .collect();
        let json = Content::Json("A".into());
        let video = Content::Other("video/mp4".into());
        assert_eq!(
            responses,
            [
                ("200", &json),
                ("204", &Content::Nothing),
                ("206", &video),
                ("default", &json)
            ]
        );
        assert!(operation.is_task_query);
        assert!(!is_json("application/jsonp"));
    }
}
