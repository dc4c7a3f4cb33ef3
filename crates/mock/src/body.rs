//! The bodies that the documentation promises, made of the generated types.

use serde_json::Value;

use super::{
    asked::MODEL,
    fault::Base,
    links::Links,
    task::{Phase, Task},
    variation::{Variation, tokens},
};
use seedance_query::{
    model::{
        SensitiveString,
        types::{
            FailedTask, FailedTaskStatus, NormalOutput, NormalTask, NormalTaskStatus, PendingTask,
            PendingTaskStatus, SuperResolutionOutput, SuperResolutionTask,
            SuperResolutionTaskStatus, SuperResolutionUsage, TaskQueryResponse, UpstreamContent,
            UpstreamError, UpstreamOutput, UpstreamUsage,
        },
    },
    types,
};

const ACTION: &str = "generate";
/// Seconds after which the upstream gives up.
const GIVES_UP: i64 = 172_800;
const REASON: &str = "The video shows something that the content policy does not allow.";

/// The body of a task in a phase; the links are used once it has ended.
pub(super) fn body(task: &Task, phase: Phase, links: &Links) -> Value {
    let row = match (phase, task.base) {
        (Phase::Ended, Base::Normal | Base::Stuck) => normal(task, links).into(),
        (Phase::Ended, Base::SuperResolution) => super_resolution(task, links).into(),
        (Phase::Ended, Base::Failure) => failed(task).into(),
        (phase, _) => pending(task, phase).into(),
    };
    envelope(row)
}

/// Whether a task has a video in a phase.
pub(super) fn has_video(task: &Task, phase: Phase) -> bool {
    phase == Phase::Ended && task.base != Base::Failure
}

fn envelope(row: types::Task) -> Value {
    let mut response = TaskQueryResponse::new(row);
    response.code = Some("success".to_owned());
    response.message = Some(String::new());
    // Neither maps with odd keys nor numbers that JSON cannot hold are in there.
    serde_json::to_value(response).unwrap_or_default()
}

/// What the upstream says of each video that it made; the generated types of the two kinds of
/// outputs have no trait in common.
macro_rules! made {
    ($output:ident, $variation:ident, $links:ident) => {
        $output.content = Some(content($links));
        $output.created_at = Some($variation.created);
        $output.draft = Some(false);
        $output.duration = Some($variation.duration);
        $output.execution_expires_after = Some(GIVES_UP);
        $output.framespersecond = Some(24);
        $output.generate_audio = Some(true);
        $output.id = Some($variation.upstream_id);
        $output.model = Some(MODEL.to_owned());
        $output.priority = Some(0);
        $output.ratio = Some($variation.ratio);
        $output.seed = Some($variation.seed);
        $output.service_tier = Some("default".to_owned());
        $output.status = Some("succeeded".to_owned());
    };
}

/// What a row says of each task.
macro_rules! asked_for {
    ($row:ident, $task:ident, $variation:ident) => {
        $row.action = Some(ACTION.to_owned());
        $row.request_id = Some($variation.request_id);
        $row.submit_time = Some($task.submitted);
        $row.task_id = Some($task.id.clone());
    };
}

/// What a row says of each task that has ended.
macro_rules! ended {
    ($row:ident, $task:ident, $variation:ident) => {
        asked_for!($row, $task, $variation);
        $row.finish_time = Some($task.finished());
        $row.progress = Some("100%".to_owned());
        $row.start_time = Some($variation.started);
    };
}

fn pending(task: &Task, phase: Phase) -> PendingTask {
    let variation = Variation::of(task);
    let mut created = UpstreamOutput::default();
    created.id = Some(variation.upstream_id.clone());
    let (status, percent, start, data) = match phase {
        Phase::NotStarted => (PendingTaskStatus::NotStart, 0, 0, None),
        Phase::Queued => (PendingTaskStatus::Queued, 20, 0, Some(created)),
        Phase::Running { percent, seconds } => {
            let mut running = created;
            running.model = Some(MODEL.to_owned());
            running.status = Some("running".to_owned());
            running.created_at = Some(variation.created);
            running.updated_at = Some(variation.started + seconds);
            (
                PendingTaskStatus::InProgress,
                percent,
                variation.started,
                Some(running),
            )
        }
        // Not asked for.
        Phase::Ended => (
            PendingTaskStatus::InProgress,
            99,
            variation.started,
            Some(created),
        ),
    };
    let mut row = PendingTask::new(status);
    row.data = data;
    row.fail_reason = Some(SensitiveString::default());
    row.finish_time = Some(0);
    row.progress = Some(format!("{percent}%"));
    row.start_time = Some(start);
    asked_for!(row, task, variation);
    row
}

fn normal(task: &Task, links: &Links) -> NormalTask {
    let variation = Variation::of(task);
    let tokens = tokens(&variation.resolution, variation.duration);
    let mut usage = UpstreamUsage::default();
    usage.completion_tokens = Some(tokens);
    usage.total_tokens = Some(tokens);
    let mut row = NormalTask::new(NormalTaskStatus::Success);
    let mut output = NormalOutput::default();
    made!(output, variation, links);
    output.resolution = Some(variation.resolution);
    output.updated_at = Some(task.finished() - 5);
    output.usage = Some(usage);
    row.data = Some(output);
    row.fail_reason = Some(SensitiveString::default());
    row.result_url = Some(links.result.as_str().into());
    ended!(row, task, variation);
    row
}

fn super_resolution(task: &Task, links: &Links) -> SuperResolutionTask {
    let variation = Variation::of(task);
    let own = if task.hash.is_multiple_of(2) {
        "720p"
    } else {
        "1080p"
    };
    let enhanced = task.asked.resolution.as_deref().unwrap_or(own);
    let tokens_before = tokens("480p", variation.duration);
    let mut usage = SuperResolutionUsage::default();
    usage.completion_tokens = Some(tokens_before);
    usage.super_resolution_tokens = Some(tokens(enhanced, variation.duration));
    usage.total_tokens = Some(tokens_before);
    let mut row = SuperResolutionTask::new(SuperResolutionTaskStatus::Success);
    let mut output = SuperResolutionOutput::default();
    made!(output, variation, links);
    output.resolution = Some("480p".to_owned());
    output.super_resolution = Some(enhanced.to_owned());
    // The enhancement takes half a minute.
    output.updated_at = Some(task.finished() - 35);
    output.usage = Some(usage);
    row.data = Some(output);
    row.fail_reason = Some(SensitiveString::default());
    row.original_result_url = Some(links.upstream.as_str().into());
    row.result_url = Some(links.result.as_str().into());
    ended!(row, task, variation);
    row
}

fn failed(task: &Task) -> FailedTask {
    let variation = Variation::of(task);
    let mut error = UpstreamError::default();
    error.code = Some("OutputVideoSensitiveContentDetected.PolicyViolation".to_owned());
    error.message = Some(REASON.into());
    let mut row = FailedTask::new(FailedTaskStatus::Failure);
    let mut output = UpstreamOutput::default();
    output.created_at = Some(variation.created);
    output.draft = Some(false);
    output.error = Some(error);
    output.execution_expires_after = Some(GIVES_UP);
    output.generate_audio = Some(true);
    output.id = Some(variation.upstream_id);
    output.model = Some(MODEL.to_owned());
    output.priority = Some(0);
    output.service_tier = Some("default".to_owned());
    output.status = Some("failed".to_owned());
    output.updated_at = Some(task.finished() - 3);
    row.data = Some(output);
    row.fail_reason = Some(REASON.into());
    ended!(row, task, variation);
    row
}

fn content(links: &Links) -> UpstreamContent {
    let mut content = UpstreamContent::default();
    content.video_url = Some(links.upstream.as_str().into());
    content
}
