//! A body, parsed once for all that is asked of it.

use std::cell::OnceCell;

use serde::Deserialize;
use serde_json::Value;

use super::{
    documented,
    envelope::{EnvelopeKind, kind},
    fast_path, http, http_status, inspect,
    locate::{self, locate},
    malformed,
    observer::Observer,
    operations::{Content, Operation, TASK_QUERY},
    read_documented, read_task,
    reason::Reason,
    report::Report,
};
use crate::model::{
    Shape, Status, TaskForm, TaskId, TaskView,
    json::{Parsed, parse, parse_first},
    tables,
    types::Task,
};

/// A body that was parsed, with the HTTP status that it came with if that is known.
///
/// What a caller acts on ([`view`](Self::view)) and what is wrong ([`report`](Self::report)) are
/// two questions: neither answer depends on the other.
pub struct ParsedBody<'a> {
    status: Option<u16>,
    body: &'a [u8],
    /// What was asked, if that is known.
    operation: Option<&'static Operation>,
    /// The task that was asked for, if that is known.
    asked_for: Option<&'a str>,
    documented: Option<(documented::Response<'a>, Shape)>,
    json: OnceCell<Result<Parsed, serde_json::Error>>,
}

impl<'a> ParsedBody<'a> {
    /// Parses a body; any bytes are fine.
    #[must_use]
    pub fn new(status: Option<u16>, body: &'a [u8]) -> Self {
        let is_success = status.is_none_or(http::is_success);
        // A status with a schema of its own is for that to judge.
        let own_body = status.and_then(|status| TASK_QUERY.own_body(status));
        let is_usual = is_success && own_body.is_none();
        Self {
            status,
            body,
            operation: None,
            asked_for: None,
            documented: is_usual.then(|| fast_path::read(body)).flatten(),
            json: OnceCell::new(),
        }
    }

    /// Says which operation has answered, so that its own form is no other form.
    #[must_use]
    pub fn answer_of(mut self, operation: &'static Operation) -> Self {
        if !std::ptr::eq(operation, TASK_QUERY) {
            self.documented = None;
        }
        self.operation = Some(operation);
        self
    }

    /// Says which task was asked for, so that an answer about another one is told.
    #[must_use]
    pub fn asked_for(mut self, task_id: &'a str) -> Self {
        self.asked_for = Some(task_id);
        self
    }

    /// The id of the other task that the answer is about, if it is not about the one that was asked
    /// for.
    #[must_use]
    pub fn other_task(&self) -> Option<TaskId> {
        let asked_for = self.asked_for?;
        let id = match &self.documented {
            Some((response, _)) => response.data.as_ref()?.task_id.as_deref()?.parse().ok()?,
            None => self.view()?.task_id?,
        };
        id.is_other_than(asked_for).then_some(id)
    }

    /// The body as any JSON. A body that is as documented is only parsed in this way if something
    /// is wrong with it all the same.
    fn json(&self) -> Result<&Parsed, &serde_json::Error> {
        self.json.get_or_init(|| parse(self.body)).as_ref()
    }

    fn kind(&self) -> Option<EnvelopeKind> {
        self.json().ok().map(|parsed| kind(&parsed.value))
    }

    /// What is wrong with the body.
    #[must_use]
    pub fn report(&self) -> Report {
        self.report_to(&mut ())
    }

    /// The same, while an observer is shown what the body says.
    pub fn report_to(&self, observer: &mut impl Observer) -> Report {
        if let Some((operation, status)) = self.operation.zip(self.status)
            && http::is_success(status)
            && operation.names_no_task()
        {
            // Its schema says all there is: a reply to a submission is no task.
            return operation.validate(status, self.body);
        }
        let documented = self.documented.as_ref();
        let report = documented
            .and_then(|(response, shape)| fast_path::judge(response, *shape, observer))
            .unwrap_or_else(|| self.judge(observer));
        let mut more = match self.status {
            Some(status) => {
                let operation = self.operation.unwrap_or(TASK_QUERY);
                http_status::status_findings(operation, status, report.shape(), report.findings())
            }
            None => Vec::new(),
        };
        if let (Some(asked_for), Some(other)) = (self.asked_for, self.other_task()) {
            more.push(malformed::other_task(asked_for, &other, self.place_of_id()));
        }
        report.with(more)
    }

    /// Where the id of the task is.
    fn place_of_id(&self) -> String {
        let located = self.json().ok().and_then(|parsed| locate(&parsed.value));
        located.map_or_else(locate::documented_place_of_id, |located| {
            located.place_of_id()
        })
    }

    /// What the operation answers with this status, where that is known to be no JSON.
    fn is_without_json(&self) -> bool {
        let content = self.operation.zip(self.status);
        match content.and_then(|(operation, status)| operation.content(status)) {
            Some(Content::Nothing) => self.body.trim_ascii().is_empty(),
            Some(Content::Other(_)) => self.json().is_err(),
            _ => false,
        }
    }

    fn judge(&self, observer: &mut impl Observer) -> Report {
        if self.is_without_json() {
            let is_error = self.status.is_some_and(|status| !http::is_success(status));
            return Report::new(is_error.then_some(Shape::Error), Vec::new());
        }
        // The body of a response that is no success may be no JSON at all.
        if let Some(status) = self.status.filter(|status| !http::is_success(*status))
            && let None | Some(EnvelopeKind::Other) = self.kind()
            && let Some(finding) = http::foreign_error(status, self.body)
        {
            let (shape, findings) = match self.json() {
                Ok(parsed) => inspect::inspect_foreign_error(&parsed.value, finding),
                Err(_) => (Some(Shape::Error), vec![finding]),
            };
            return Report::new(shape, findings);
        }
        match self.json() {
            Err(error) => Report::new(None, vec![malformed::finding(self.body, error)]),
            Ok(parsed) => {
                observer.json(&parsed.value);
                let value = &parsed.value;
                let operation = self.operation.unwrap_or(TASK_QUERY);
                let own_body = self.status.and_then(|status| operation.own_body(status));
                let form_body = operation.form_body();
                let is_error = kind(value) == EnvelopeKind::Error;
                let (shape, mut findings) = match own_body.or(form_body) {
                    Some(body) if is_error && form_body != Some(body) => {
                        inspect::inspect_error(body, value)
                    }
                    Some(body) if !is_error && self.view().is_none() => {
                        inspect::inspect_by_schema(body, value)
                    }
                    _ => inspect::inspect(operation, value, observer),
                };
                if parsed.has_duplicate_keys {
                    findings.extend(malformed::duplicate_keys(self.body));
                }
                Report::new(shape, findings)
            }
        }
    }

    /// What a caller acts on, if the body tells of a task.
    #[must_use]
    pub fn view(&self) -> Option<TaskView> {
        if let Some((response, shape)) = &self.documented {
            return Some(read_documented::view(response, *shape));
        }
        let view = match self.json() {
            Ok(parsed) => read_task::of_located(&locate(&parsed.value)?),
            Err(_) => read_task::of_located(&locate(&parse_first(self.body)?)?),
        };
        // An error can have words that look like a task's; it has no id of one.
        let is_told = self.status.is_none_or(http::is_success) || view.task_id.is_some();
        Some(view).filter(|view| is_told && view.is_understood())
    }

    /// The form in which the body tells of a task, if it tells of one.
    #[must_use]
    pub fn form(&self) -> Option<TaskForm> {
        if self.operation.is_some_and(Operation::names_no_task) {
            return None;
        }
        match self.documented {
            Some(_) => Some(TaskForm::default()),
            None => self.view().map(|view| view.form),
        }
    }

    /// The task as the generated types hold it, if they can.
    #[must_use]
    pub fn task(&self) -> Option<Task> {
        let located = locate(&self.json().ok()?.value)?;
        let mut row = located.row.into_owned();
        if let Some(Value::String(word)) = row.get_mut(tables::DISCRIMINATOR)
            && let Some(status) = Status::of_word(word)
        {
            status.value.clone_into(word);
        }
        Task::deserialize(Value::Object(row)).ok()
    }

    /// Whether the body is an error in one of the two JSON envelopes.
    pub(crate) fn is_error(&self) -> bool {
        self.documented.is_none() && self.kind() == Some(EnvelopeKind::Error)
    }

    /// Why the request failed, as far as the body says so.
    pub(crate) fn reason(&self) -> Reason {
        match (&self.documented, self.json()) {
            (None, Ok(parsed)) => Reason::of(&parsed.value),
            _ => Reason::default(),
        }
    }
}
