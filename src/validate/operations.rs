//! All operations of the OpenAPI document, each with the schemas of what it sends and answers.

use serde_json::Value;

use super::{
    body::Body,
    http, malformed,
    nulls::without_nulls,
    report::{Finding, Report},
    request_limits::{ItemRules, ModelFamily, RequestLimits},
    rule::Rule,
    rules::Outcome,
    schema,
};
use crate::model::{
    Shape, TaskForm, TaskId, json::parse, operation::PathTemplate, pointer::join, tables,
};

include!(concat!(env!("OUT_DIR"), "/operations.rs"));

/// An operation of the document.
///
/// # Examples
///
/// ```
/// use seedance_query::validate::operations::Operation;
///
/// let query = Operation::by_id("query_task").ok_or("no such operation")?;
/// assert_eq!(query.method(), "GET");
/// let report = query.validate(404, br#"{"code":7,"message":"no such task","data":null}"#);
/// assert_eq!(report.findings()[0].pointer, "/code");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Operation {
    id: &'static str,
    method: &'static str,
    path: &'static str,
    pointer: &'static str,
    is_observed: bool,
    /// The form in which it tells of a task, where that is not the task query's.
    form: Option<TaskForm>,
    request: Option<Body>,
    limits: RequestLimits,
    responses: &'static [(&'static str, Content)],
}

/// What a response comes with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Content {
    /// No body.
    Nothing,
    /// JSON that has a schema.
    Json(Body),
    /// Something of another media type, such as `video/mp4`, which is not looked into.
    Other(&'static str),
}

impl Operation {
    /// The operation with this `operationId`.
    #[must_use]
    pub fn by_id(id: &str) -> Option<&'static Self> {
        OPERATIONS.iter().find(|operation| operation.id == id)
    }

    /// The operation that a request was for, and the task that its path or URL names.
    ///
    /// A query or a fragment is ignored, and so is what precedes the path of the operation.
    ///
    /// # Examples
    ///
    /// ```
    /// use seedance_query::validate::operations::Operation;
    ///
    /// let asked = Operation::of_request("GET", "https://gateway.example/v1/videos/task_a?x=1");
    /// let (operation, id) = asked.ok_or("no such operation")?;
    /// assert_eq!((operation.id(), id.as_str()), ("query_video", "task_a"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn of_request(method: &str, target: &str) -> Option<(&'static Self, TaskId)> {
        let mut named = tables::TASK_PATHS.iter();
        let (path, id) =
            named.find_map(|path| Some((*path, PathTemplate::new(path).id_below(target)?)))?;
        let mut operations = OPERATIONS.iter();
        let operation = operations.find(|operation| {
            operation.path == path && operation.method.eq_ignore_ascii_case(method)
        });
        Some((operation?, id))
    }

    /// The same for any operation, also one whose path names no task, such as the submission.
    #[must_use]
    pub fn of_target(method: &str, target: &str) -> Option<(&'static Self, Option<TaskId>)> {
        if let Some((operation, id)) = Self::of_request(method, target) {
            return Some((operation, Some(id)));
        }
        let path = target.split(['?', '#']).next().unwrap_or_default();
        let mut operations = OPERATIONS.iter();
        let operation = operations.find(|operation| {
            operation.names_no_task()
                && operation.method.eq_ignore_ascii_case(method)
                && path.ends_with(operation.path)
        });
        Some((operation?, None))
    }

    /// Whether its path names no task, so that its answer is not about the state of one.
    pub(super) fn names_no_task(&self) -> bool {
        !tables::TASK_PATHS.contains(&self.path)
    }

    /// The operation that answers in this form, where it is not the task query.
    pub(super) fn of_form(form: TaskForm) -> Option<&'static Self> {
        let mut operations = OPERATIONS.iter();
        operations.find(|operation| operation.form == Some(form))
    }

    /// The form in which it tells of a task.
    #[must_use]
    pub fn form(&self) -> TaskForm {
        self.form.unwrap_or_default()
    }

    /// The body in which it tells of a task, where that is not the task query's.
    pub(super) fn form_body(&self) -> Option<Body> {
        self.form?;
        let mut bodies = self
            .responses
            .iter()
            .filter_map(|(status, content)| match content {
                Content::Json(body) if status.starts_with('2') => Some(*body),
                _ => None,
            });
        bodies.next()
    }

    /// The HTTP statuses that are documented, but for `default`.
    pub(super) fn statuses(&self) -> impl Iterator<Item = &'static str> {
        let responses = self.responses.iter().map(|(status, _)| *status);
        responses.filter(|status| !status.eq_ignore_ascii_case("default"))
    }

    /// Where the document says what it answers.
    pub(super) fn place_of_responses(&self) -> String {
        join(self.pointer, "responses")
    }

    /// The `operationId`, or nothing.
    #[must_use]
    pub fn id(&self) -> &'static str {
        self.id
    }

    /// The HTTP method in capitals.
    #[must_use]
    pub fn method(&self) -> &'static str {
        self.method
    }

    /// The path, with names such as `{task_id}` in it.
    #[must_use]
    pub fn path(&self) -> &'static str {
        self.path
    }

    /// Whether it is not in the vendor's documentation, but seen in the wild.
    #[must_use]
    pub fn is_observed(&self) -> bool {
        self.is_observed
    }

    /// Checks a body that is sent: by its schema, by the limits of its model and by the rules of its
    /// items.
    #[must_use]
    pub fn validate_request(&self, body: &[u8]) -> Report {
        match self.request {
            Some(request) => judge(request, body, None, |value| self.limits.findings(value)),
            None => self.without_body(body, None),
        }
    }

    /// Whether an error with this code says that the operation has begun nothing.
    pub(crate) fn begins_nothing(&self, code: &str) -> bool {
        self.limits.not_accepted_codes.contains(&code)
    }

    /// Checks a response by its schema alone: what the rules say of a task is for
    /// [`Validator`](crate::Validator).
    #[must_use]
    pub fn validate(&self, status: u16, body: &[u8]) -> Report {
        let shape = (!http::is_success(status)).then_some(Shape::Error);
        match self.content(status) {
            Some(Content::Json(schema)) => judge(schema, body, shape, |_| Vec::new()),
            Some(Content::Nothing) => self.without_body(body, shape),
            Some(Content::Other(_)) => Report::new(shape, Vec::new()),
            None => {
                let message = format!("HTTP {status} is not documented for this operation");
                let mut finding = Finding::new(Rule::UndocumentedHttpStatus, "", message)
                    .found(&Value::from(status));
                finding.spec = Some(self.place_of_responses());
                Report::new(shape, vec![finding])
            }
        }
    }

    /// What is documented for an HTTP status: a code goes before its range, and that before
    /// `default`.
    #[must_use]
    pub fn content(&self, status: u16) -> Option<Content> {
        let names = [
            status.to_string(),
            format!("{}XX", status / 100),
            "default".to_owned(),
        ];
        let of_name = |name: &String| {
            let mut responses = self.responses.iter();
            responses.find(|(status, _)| status.eq_ignore_ascii_case(name))
        };
        names.iter().find_map(of_name).map(|(_, content)| *content)
    }

    /// The body that an HTTP status comes with, where it is one that only this operation has.
    pub(super) fn own_body(&self, status: u16) -> Option<Body> {
        match self.content(status)? {
            Content::Json(body @ Body::Other(_)) => Some(body),
            _ => None,
        }
    }

    fn without_body(&self, body: &[u8], shape: Option<Shape>) -> Report {
        let mut findings = Vec::new();
        if !body.trim_ascii().is_empty() {
            let message = format!("no body is documented here, found {} bytes", body.len());
            let mut finding = Finding::new(Rule::UndocumentedType, "", message);
            finding.spec = Some(self.pointer.to_owned());
            findings.push(finding);
        }
        Report::new(shape, findings)
    }
}

/// What a schema says of a body, and what more there is to say of its value.
fn judge(
    body: Body,
    bytes: &[u8],
    shape: Option<Shape>,
    more: impl FnOnce(&Value) -> Vec<Finding>,
) -> Report {
    let findings = match parse(bytes) {
        Err(error) => vec![malformed::finding(bytes, &error)],
        Ok(parsed) => {
            let mut findings = findings(body, &parsed.value, shape);
            if parsed.has_duplicate_keys {
                findings.extend(malformed::duplicate_keys(bytes));
            }
            findings.extend(more(&parsed.value));
            findings
        }
    };
    Report::new(shape, findings)
}

/// What a schema says of a value.
pub(super) fn findings(body: Body, value: &Value, shape: Option<Shape>) -> Vec<Finding> {
    let (value, nulls) = without_nulls(body, value);
    let value = &*value;
    let mut outcome = Outcome::default();
    if !body.is_documented(value) {
        outcome.add_schema_findings(schema::findings(body, value));
    }
    nulls.added_to(outcome.finish(body, shape))
}

#[cfg(test)]
mod tests {
    use super::{
        super::body_schema::BodySchema, Body, Content, OPERATIONS, Operation, RequestLimits, Rule,
        TASK_QUERY,
    };

    static POINT: BodySchema = BodySchema::new(
        "Point",
        r#"{"type":"object","required":["x"],"properties":{"x":{"type":"integer"}}}"#,
        r#"{"type":"object","required":["x"],"properties":{"x":{"type":"integer"}},"additionalProperties":false}"#,
    );
    static SUBMIT: Operation = Operation {
        id: "submit",
        method: "POST",
        path: "/points",
        pointer: "/paths/~1points/post",
        is_observed: false,
        form: None,
        request: Some(Body::Other(&POINT)),
        limits: RequestLimits {
            families: &[],
            items: None,
            not_accepted_codes: &[],
        },
        responses: &[
            ("204", Content::Nothing),
            ("206", Content::Other("video/mp4")),
            ("2XX", Content::Json(Body::Other(&POINT))),
            ("404", Content::Json(Body::Error)),
        ],
    };

    fn found(report: &crate::validate::Report) -> Vec<(Rule, &str)> {
        let findings = report.findings().iter();
        findings
            .map(|finding| (finding.rule, finding.pointer.as_str()))
            .collect()
    }

    #[test]
    fn a_body_is_judged_by_the_schema_of_its_status() {
        let judged = |status, body: &str| SUBMIT.validate(status, body.as_bytes());
        assert_eq!(found(&judged(201, r#"{"x":1}"#)), []);
        assert_eq!(found(&judged(201, "{}")), [(Rule::MissingField, "/x")]);
        let more = judged(200, r#"{"x":1,"y":2}"#);
        assert_eq!(found(&more), [(Rule::UndocumentedField, "/y")]);
        assert_eq!(found(&judged(200, "<html>")), [(Rule::NotJson, "")]);
        assert_eq!(found(&judged(204, " ")), []);
        assert_eq!(found(&judged(204, "{}")), [(Rule::UndocumentedType, "")]);
        assert_eq!(found(&judged(206, "\0mp4")), []);
        assert_eq!(found(&judged(404, r#"{"code":"a","message":"b"}"#)), []);
        let other = judged(500, "{}");
        assert_eq!(found(&other), [(Rule::UndocumentedHttpStatus, "")]);
        let place = other.findings()[0].spec.as_deref();
        assert_eq!(place, Some("/paths/~1points/post/responses"));
    }

    #[test]
    fn a_body_that_is_sent_is_judged_too() {
        assert_eq!(found(&SUBMIT.validate_request(br#"{"x":1}"#)), []);
        let wrong = SUBMIT.validate_request(br#"{"x":"a"}"#);
        assert_eq!(found(&wrong), [(Rule::WrongType, "/x")]);
        let without = TASK_QUERY.validate_request(b"{}");
        assert_eq!(found(&without), [(Rule::UndocumentedType, "")]);
    }

    #[test]
    fn the_task_query_is_one_of_the_operations() {
        let query = Operation::by_id(TASK_QUERY.id()).unwrap();
        assert_eq!(
            (query.method(), query.path()),
            ("GET", crate::model::tables::PATH)
        );
        assert!(
            OPERATIONS
                .iter()
                .any(|operation| std::ptr::eq(operation, TASK_QUERY))
        );
        assert_eq!(TASK_QUERY.content(200), Some(Content::Json(Body::Response)));
        assert_eq!(TASK_QUERY.content(418), Some(Content::Json(Body::Error)));
    }
}
