//! What a caller acts on, read from a body that is as documented.

use super::{
    documented, facts::Facts, fail_reason::unwrapped, members::url_of_text, report::shown,
};
use crate::model::{SensitiveString, Shape, TaskForm, TaskState, TaskView, UpstreamView};

/// Reads the task of a body that is as documented.
pub(super) fn view(response: &documented::Response<'_>, shape: Shape) -> TaskView {
    let Some(row) = &response.data else {
        return TaskView::default();
    };
    let facts = Facts::of_documented(row, shape);
    let state = TaskState::of_shape(shape);
    let is_super_resolution = shape == Shape::SuperResolution;
    let text_of = |text: Option<&str>| text.map(str::to_owned);
    let url_of = |text: Option<&str>| url_of_text(text?, true).map(SensitiveString::from);
    let upstream = facts.upstream.map(|upstream| UpstreamView {
        state: upstream
            .status
            .map(TaskState::of_status)
            .unwrap_or_default(),
        status: upstream.status.map(shown),
        url: url_of(upstream.video_url),
    });
    let upstream = upstream.unwrap_or_default();
    let has_video = state == TaskState::Succeeded;
    let found = url_of(facts.result_url).or_else(|| {
        let url = url_of_text(facts.fail_reason?, false);
        url.map(SensitiveString::from)
    });
    let found = found.or_else(|| upstream.url.clone().filter(|_| !is_super_resolution));
    let original = url_of(facts.original_result_url).or_else(|| upstream.url.clone());
    let error = row.data.as_ref().and_then(|data| data.error.as_ref());
    let (reason, code) = match state {
        TaskState::Failed => unwrapped(
            facts.fail_reason.map(str::to_owned),
            error.and_then(|error| text_of(error.message.as_deref())),
            error.and_then(|error| text_of(error.code.as_deref())),
        ),
        _ => (None, None),
    };
    let tokens = facts.upstream.and_then(|upstream| {
        upstream
            .super_resolution_tokens
            .or(upstream.total_tokens)
            .or(upstream.completion_tokens)
    });
    TaskView {
        task_id: facts.task_id.and_then(|id| id.parse().ok()),
        state,
        status: facts.status.map(shown),
        progress: text_of(facts.progress),
        result_url: found.filter(|_| has_video),
        original_result_url: original.filter(|_| has_video && is_super_resolution),
        is_super_resolution,
        fail_reason: reason.map(SensitiveString::from),
        code,
        billed_tokens: tokens.filter(|_| has_video),
        finish_time: facts
            .finish_time
            .filter(|time| *time > 0 && state.is_terminal()),
        upstream,
        form: TaskForm::Enveloped,
    }
}
