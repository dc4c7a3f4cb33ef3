//! What a caller acts on, read member by member from an answer in any known form.

use serde_json::{Map, Value};

use super::{
    fail_reason::fail_reason,
    foreign_names,
    locate::Located,
    members::{absolute_url, integer, member, member_at, text, url},
    report::shown,
    spelling::named,
};
use crate::model::{
    SensitiveString, Shape, TaskForm, TaskId, TaskState, TaskView, UpstreamView, is_present, name,
    tables,
};

/// Reads the task of an answer.
pub(super) fn of_located(located: &Located<'_>) -> TaskView {
    let row = &*located.row;
    let upstream_object = upstream(row, located.form);
    let upstream = upstream_object.map(upstream_view).unwrap_or_default();
    let status = member(row, tables::DISCRIMINATOR).and_then(text);
    let is_super_resolution = is_super_resolution(row);
    let found = result_url(row, &upstream, is_super_resolution);
    let state = state(status.as_deref(), row, &upstream, found.is_some());
    let has_ended = state.is_terminal();
    let (reason, code) = match state {
        TaskState::Failed => fail_reason(row, upstream_object),
        _ => (None, None),
    };
    let original = is_super_resolution
        .then(|| member(row, name::ORIGINAL_RESULT_URL).and_then(url))
        .flatten();
    TaskView {
        task_id: id(row),
        state,
        status: status.map(|word| shown(&word)),
        progress: member(row, name::PROGRESS).and_then(progress),
        result_url: found
            .filter(|_| matches!(state, TaskState::Succeeded | TaskState::Unknown))
            .map(SensitiveString::from),
        original_result_url: original
            .map(SensitiveString::from)
            .or_else(|| upstream.url.clone().filter(|_| is_super_resolution))
            .filter(|_| state == TaskState::Succeeded),
        is_super_resolution,
        fail_reason: reason.map(SensitiveString::from),
        code,
        billed_tokens: billed_tokens(row, upstream_object)
            .filter(|_| state == TaskState::Succeeded),
        finish_time: finish_time(row, located.form).filter(|_| has_ended),
        upstream,
        form: located.form,
    }
}

fn id(row: &Map<String, Value>) -> Option<TaskId> {
    let own = member(row, name::TASK_ID).and_then(text);
    let id = own.or_else(|| member(row, name::ID).and_then(text));
    id.and_then(|id| id.parse().ok())
}

/// A percentage as text, however it is written.
fn progress(value: &Value) -> Option<String> {
    match value {
        Value::Number(number) => Some(format!("{number}%")),
        _ => text(value).map(|text| shown(&text)),
    }
}

/// The upstream's answer: that in the row, or the whole, where the upstream itself has answered.
fn upstream(row: &Map<String, Value>, form: TaskForm) -> Option<&Map<String, Value>> {
    match form {
        TaskForm::Upstream => Some(row),
        TaskForm::Enveloped | TaskForm::Bare | TaskForm::NestedEnvelopes => {
            let answer = member(row, name::DATA)?.as_object()?;
            // The upstream can be a gateway too.
            match answer.get(name::DATA) {
                Some(Value::Object(inner)) => match inner.get(name::DATA) {
                    Some(Value::Object(innermost)) => Some(innermost),
                    _ => Some(inner),
                },
                _ => Some(answer),
            }
        }
        _ => None,
    }
}

fn upstream_view(upstream: &Map<String, Value>) -> UpstreamView {
    let status = member(upstream, name::STATUS).and_then(text);
    let url = member(upstream, name::CONTENT)
        .and_then(|content| match content {
            Value::Object(members) => named(members, name::VIDEO_URL).and_then(url),
            other => url(other),
        })
        .or_else(|| member(upstream, name::VIDEO_URL).and_then(url));
    UpstreamView {
        state: status
            .as_deref()
            .map(TaskState::of_status)
            .unwrap_or_default(),
        status: status.map(|word| shown(&word)),
        url: url.map(SensitiveString::from),
    }
}

/// Whether a task has anything that only a super-resolution task has.
fn is_super_resolution(row: &Map<String, Value>) -> bool {
    let conditions = tables::STATUSES
        .iter()
        .flat_map(|status| status.when_present);
    let mut pointers = conditions
        .filter(|(shape, _)| *shape == Shape::SuperResolution)
        .flat_map(|(_, pointers)| pointers.iter());
    pointers.any(|pointer| {
        let path: Vec<&str> = pointer.split('/').skip(1).collect();
        is_present(row, pointer) && member_at(row, &path).is_some_and(|value| value != "")
    })
}

/// Where the finished video is: in the row, then in what encloses or repeats it.
fn result_url(
    row: &Map<String, Value>,
    upstream: &UpstreamView,
    is_super_resolution: bool,
) -> Option<String> {
    let of_row = |row: &Map<String, Value>| {
        let own = member(row, name::RESULT_URL).and_then(url);
        own.or_else(|| member(row, name::FAIL_REASON).and_then(absolute_url))
    };
    let nested = || {
        let answer = member(row, name::DATA)?.as_object()?;
        of_row(answer).or_else(|| of_row(member(answer, name::DATA)?.as_object()?))
    };
    // The upstream's video is not the one that was enhanced.
    let of_upstream = || {
        let url = upstream.url.as_ref().filter(|_| !is_super_resolution)?;
        Some(url.expose().to_owned())
    };
    let elsewhere = || {
        foreign_names::VIDEO_PLACES
            .into_iter()
            .find_map(|place| member_at(row, place).and_then(url))
    };
    of_row(row)
        .or_else(nested)
        .or_else(of_upstream)
        .or_else(elsewhere)
}

/// The state that the status tells; without one, what the rest of the answer shows.
fn state(
    status: Option<&str>,
    row: &Map<String, Value>,
    upstream: &UpstreamView,
    has_url: bool,
) -> TaskState {
    let told = status.map(TaskState::of_status).unwrap_or_default();
    if told != TaskState::Unknown {
        return told;
    }
    let has_finished = member(row, name::FINISH_TIME)
        .and_then(integer)
        .is_some_and(|time| time > 0);
    let is_shown = has_finished || upstream.state == TaskState::Succeeded;
    match (status, upstream.state) {
        // A word that nobody knows can mean anything: it takes more than a URL.
        (Some(_), _) if has_url && is_shown => TaskState::Succeeded,
        (None, TaskState::Pending) if !has_finished => TaskState::Pending,
        (None, _) if has_url => TaskState::Succeeded,
        (None, state) if has_finished => state,
        _ => TaskState::Unknown,
    }
}

/// The tokens that are billed: those after the enhancement, or those that the gateway counts.
fn billed_tokens(row: &Map<String, Value>, upstream: Option<&Map<String, Value>>) -> Option<i64> {
    let usages = [
        upstream.and_then(|upstream| member(upstream, name::USAGE)),
        member(row, name::USAGE),
    ];
    [
        name::SUPER_RESOLUTION_TOKENS,
        name::TOTAL_TOKENS,
        name::COMPLETION_TOKENS,
    ]
    .into_iter()
    .find_map(|name| {
        let counts = usages.iter().rev().flatten();
        let mut counts = counts.filter_map(|usage| member(usage.as_object()?, name));
        counts.find_map(integer)
    })
}

fn finish_time(row: &Map<String, Value>, form: TaskForm) -> Option<i64> {
    let names: &[&str] = match form {
        TaskForm::VideoObject => &[name::FINISH_TIME, foreign_names::COMPLETED_AT],
        TaskForm::Upstream => &[name::FINISH_TIME, name::UPDATED_AT],
        _ => &[name::FINISH_TIME],
    };
    names
        .iter()
        .find_map(|name| member(row, name).and_then(integer).filter(|time| *time > 0))
}
