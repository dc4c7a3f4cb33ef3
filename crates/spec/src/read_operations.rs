//! The operations of the document, read.

use serde_json::{Map, Value};

use super::{
    operation::{Content, Operation, Response},
    operation_role::{self, VIDEO_CONTENT},
    pointer::{Pointer, schema_name},
    problem::Problem,
    request_limits::RequestLimits,
};

/// The HTTP methods that a path can have an operation for.
pub const METHODS: [&str; 8] = [
    "delete", "get", "head", "options", "patch", "post", "put", "trace",
];

/// What says that a schema is another form of a task.
const TASK_FORM: &str = "x-task-form";

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
    let query = operation_role::task_query(document, &operations)?;
    operations[query].is_task_query = true;
    operation_role::one_for_each(&operations)?;
    Ok(operations)
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
