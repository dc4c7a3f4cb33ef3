//! The bodies that the documentation promises, made of the generated types.

use serde_json::Value;

use super::{
    facts::{Facts, tokens},
    fault::Base,
    task::{Moment, Task},
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

const MODEL: &str = "doubao-seedance-2-0-260128";
const ACTION: &str = "generate";
/// Seconds after which the upstream gives up.
const GIVES_UP: i64 = 172_800;
const REASON: &str = "The video shows something that the content policy does not allow.";

/// The URLs of a finished task.
pub(super) struct Links {
    pub(super) result: String,
    /// Where the storage has the result, if that is at the gateway.
    pub(super) stored: String,
    /// What the upstream made; the same as the result unless that is enhanced.
    pub(super) upstream: String,
}

/// The body of a task at a moment; the links are of use once it has ended.
pub(super) fn body(task: &Task, moment: Moment, links: &Links) -> Value {
    let row = match (moment, task.base) {
        (Moment::Ended, Base::Normal | Base::Stuck) => normal(task, links).into(),
        (Moment::Ended, Base::SuperResolution) => super_resolution(task, links).into(),
        (Moment::Ended, Base::Failure) => failed(task).into(),
        (moment, _) => pending(task, moment).into(),
    };
    envelope(row)
}

/// Whether a task has a video at a moment.
pub(super) fn has_video(task: &Task, moment: Moment) -> bool {
    moment == Moment::Ended && task.base != Base::Failure
}

fn envelope(row: types::Task) -> Value {
    let response = TaskQueryResponse {
        code: "success".to_owned(),
        message: Some(String::new()),
        data: row,
    };
    // Neither maps with odd keys nor numbers that JSON cannot hold are in there.
    serde_json::to_value(response).unwrap_or_default()
}

fn pending(task: &Task, moment: Moment) -> PendingTask {
    let facts = Facts::of(task);
    let created = UpstreamOutput {
        id: Some(facts.upstream_id.clone()),
        ..UpstreamOutput::default()
    };
    let (status, percent, start, data) = match moment {
        Moment::NotStarted => (PendingTaskStatus::NotStart, 0, 0, None),
        Moment::Queued => (PendingTaskStatus::Queued, 20, 0, Some(created)),
        Moment::Running { percent, seconds } => {
            let running = UpstreamOutput {
                model: Some(MODEL.to_owned()),
                status: Some("running".to_owned()),
                created_at: Some(facts.created),
                updated_at: Some(facts.started + seconds),
                ..created
            };
            (
                PendingTaskStatus::InProgress,
                percent,
                facts.started,
                Some(running),
            )
        }
        // Not asked for.
        Moment::Ended => (
            PendingTaskStatus::InProgress,
            99,
            facts.started,
            Some(created),
        ),
    };
    PendingTask {
        action: Some(ACTION.to_owned()),
        data,
        fail_reason: Some(SensitiveString::default()),
        finish_time: Some(0),
        progress: Some(format!("{percent}%")),
        request_id: Some(facts.request_id),
        start_time: Some(start),
        status,
        submit_time: Some(task.submitted),
        task_id: task.id.clone(),
    }
}

fn normal(task: &Task, links: &Links) -> NormalTask {
    let facts = Facts::of(task);
    let tokens = tokens(facts.resolution, facts.duration);
    let usage = UpstreamUsage {
        completion_tokens: Some(tokens),
        total_tokens: Some(tokens),
        tool_usage: serde_json::Map::new(),
    };
    NormalTask {
        action: Some(ACTION.to_owned()),
        data: Some(NormalOutput {
            content: Some(content(links)),
            created_at: Some(facts.created),
            draft: Some(false),
            duration: Some(facts.duration),
            error: None,
            execution_expires_after: Some(GIVES_UP),
            frames: None,
            framespersecond: Some(24),
            generate_audio: Some(true),
            id: Some(facts.upstream_id),
            model: Some(MODEL.to_owned()),
            output_format: None,
            priority: Some(0),
            ratio: Some(facts.ratio.to_owned()),
            resolution: Some(facts.resolution.to_owned()),
            seed: Some(facts.seed),
            service_tier: Some("default".to_owned()),
            status: Some("succeeded".to_owned()),
            tools: Vec::new(),
            updated_at: Some(task.finished() - 5),
            usage: Some(usage),
        }),
        fail_reason: Some(SensitiveString::default()),
        finish_time: Some(task.finished()),
        progress: Some("100%".to_owned()),
        request_id: Some(facts.request_id),
        result_url: Some(links.result.as_str().into()),
        start_time: Some(facts.started),
        status: NormalTaskStatus::Success,
        submit_time: Some(task.submitted),
        task_id: task.id.clone(),
    }
}

fn super_resolution(task: &Task, links: &Links) -> SuperResolutionTask {
    let facts = Facts::of(task);
    let enhanced = if task.hash.is_multiple_of(2) {
        "720p"
    } else {
        "1080p"
    };
    let tokens_before = tokens("480p", facts.duration);
    let usage = SuperResolutionUsage {
        completion_tokens: Some(tokens_before),
        super_resolution_tokens: tokens(enhanced, facts.duration),
        tool_usage: serde_json::Map::new(),
        total_tokens: Some(tokens_before),
    };
    SuperResolutionTask {
        action: Some(ACTION.to_owned()),
        data: SuperResolutionOutput {
            content: Some(content(links)),
            created_at: Some(facts.created),
            draft: Some(false),
            duration: Some(facts.duration),
            error: None,
            execution_expires_after: Some(GIVES_UP),
            frames: None,
            framespersecond: Some(24),
            generate_audio: Some(true),
            id: Some(facts.upstream_id),
            model: Some(MODEL.to_owned()),
            output_format: None,
            priority: Some(0),
            ratio: Some(facts.ratio.to_owned()),
            resolution: Some("480p".to_owned()),
            seed: Some(facts.seed),
            service_tier: Some("default".to_owned()),
            status: Some("succeeded".to_owned()),
            super_resolution: enhanced.to_owned(),
            tools: Vec::new(),
            // The enhancement takes half a minute.
            updated_at: Some(task.finished() - 35),
            usage,
        },
        fail_reason: Some(SensitiveString::default()),
        finish_time: Some(task.finished()),
        original_result_url: links.upstream.as_str().into(),
        progress: Some("100%".to_owned()),
        request_id: Some(facts.request_id),
        result_url: Some(links.result.as_str().into()),
        start_time: Some(facts.started),
        status: SuperResolutionTaskStatus::Success,
        submit_time: Some(task.submitted),
        task_id: task.id.clone(),
    }
}

fn failed(task: &Task) -> FailedTask {
    let facts = Facts::of(task);
    let error = UpstreamError {
        code: Some("OutputVideoSensitiveContentDetected.PolicyViolation".to_owned()),
        message: Some(REASON.into()),
    };
    FailedTask {
        action: Some(ACTION.to_owned()),
        data: Some(UpstreamOutput {
            created_at: Some(facts.created),
            draft: Some(false),
            error: Some(error),
            execution_expires_after: Some(GIVES_UP),
            generate_audio: Some(true),
            id: Some(facts.upstream_id),
            model: Some(MODEL.to_owned()),
            priority: Some(0),
            service_tier: Some("default".to_owned()),
            status: Some("failed".to_owned()),
            updated_at: Some(task.finished() - 3),
            ..UpstreamOutput::default()
        }),
        fail_reason: Some(REASON.into()),
        finish_time: Some(task.finished()),
        progress: Some("100%".to_owned()),
        request_id: Some(facts.request_id),
        start_time: Some(facts.started),
        status: FailedTaskStatus::Failure,
        submit_time: Some(task.submitted),
        task_id: task.id.clone(),
    }
}

fn content(links: &Links) -> UpstreamContent {
    UpstreamContent {
        last_frame_url: None,
        video_url: Some(links.upstream.as_str().into()),
    }
}
