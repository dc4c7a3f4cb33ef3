//! What the rules look at, wherever it was read from.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::documented;
use crate::model::{Shape, name};

/// A task, reduced to the members that rules relate to each other.
///
/// An empty text and one that is not there mean the same. Values of a wrong type are left out:
/// the schema has said so already.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Facts<'a> {
    /// None if the status is missing or unknown.
    pub shape: Option<Shape>,
    /// The id of the task.
    pub task_id: Option<&'a str>,
    /// The status, which is the discriminator.
    pub status: Option<&'a str>,
    /// A percentage.
    pub progress: Option<&'a str>,
    /// What the task does.
    pub action: Option<&'a str>,
    /// Where the video is.
    pub result_url: Option<&'a str>,
    /// Where the video is that was enhanced.
    pub original_result_url: Option<&'a str>,
    /// Why the task has failed.
    pub fail_reason: Option<&'a str>,
    /// When the task was submitted, in Unix seconds.
    pub submit_time: Option<i64>,
    /// When the task was started, in Unix seconds; 0 if it was not.
    pub start_time: Option<i64>,
    /// When the task ended, in Unix seconds; 0 if it has not.
    pub finish_time: Option<i64>,
    /// When the task last changed, in Unix seconds.
    pub updated_at: Option<i64>,
    /// The upstream's answer, if it is one of Seedance.
    pub upstream: Option<Upstream<'a>>,
}

/// The upstream's answer in a task, reduced in the same way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Upstream<'a> {
    /// The upstream's id of the task.
    pub id: Option<&'a str>,
    /// The upstream's status.
    pub status: Option<&'a str>,
    /// The model that makes the video.
    pub model: Option<&'a str>,
    /// The aspect ratio, such as `16:9`.
    pub ratio: Option<&'a str>,
    /// The resolution, such as `720p`.
    pub resolution: Option<&'a str>,
    /// The resolution after the enhancement.
    pub super_resolution: Option<&'a str>,
    /// The length in seconds.
    pub duration: Option<i64>,
    /// Whether the length is told in frames.
    pub has_frames: bool,
    /// Where the upstream's video is.
    pub video_url: Option<&'a str>,
    /// Where the last frame is.
    pub last_frame_url: Option<&'a str>,
    /// The tokens of the video.
    pub completion_tokens: Option<i64>,
    /// All tokens.
    pub total_tokens: Option<i64>,
    /// The tokens after the enhancement.
    pub super_resolution_tokens: Option<i64>,
}

impl<'a> Facts<'a> {
    /// The task of any kind that was read from this row; an upstream's answer that is not one of
    /// Seedance is left out.
    pub fn of_json(
        row: &Map<String, Value>,
        task: &'a documented::Task<'_>,
        shape: Option<Shape>,
        is_seedance: bool,
    ) -> Self {
        let mut facts = Self::of(task, shape);
        facts.upstream = facts.upstream.filter(|_| is_seedance);
        if let (Some(upstream), Some(json)) = (&mut facts.upstream, row.get(name::DATA)) {
            // Of whatever type: without a readable number the length is not known.
            upstream.has_frames = json.get(name::FRAMES).is_some_and(|json| !json.is_null());
        }
        facts
    }

    /// Reads a task that was found to be as documented.
    pub fn of_documented(task: &'a documented::Task<'_>, shape: Shape) -> Self {
        Self::of(task, Some(shape))
    }

    fn of(row: &'a documented::Task<'_>, shape: Option<Shape>) -> Self {
        Self {
            shape,
            task_id: filled(row.task_id.as_ref()),
            status: filled(row.status.as_ref()),
            progress: filled(row.progress.as_ref()),
            action: filled(row.action.as_ref()),
            result_url: filled(row.result_url.as_ref()),
            original_result_url: filled(row.original_result_url.as_ref()),
            fail_reason: filled(row.fail_reason.as_ref()),
            submit_time: row.submit_time,
            start_time: row.start_time,
            finish_time: row.finish_time,
            updated_at: row.updated_at.filter(|time| *time > 0),
            upstream: row.data.as_ref().map(Upstream::of),
        }
    }

    /// Whether the task has ended with a video.
    pub fn is_success(&self) -> bool {
        self.shape.is_some_and(Shape::has_video)
    }
}

impl<'a> Upstream<'a> {
    fn of(upstream: &'a documented::TaskData<'_>) -> Self {
        let content = upstream.content.as_ref();
        let usage = upstream.usage.as_ref();
        Self {
            id: filled(upstream.id.as_ref()),
            status: filled(upstream.status.as_ref()),
            model: filled(upstream.model.as_ref()),
            ratio: filled(upstream.ratio.as_ref()),
            resolution: filled(upstream.resolution.as_ref()),
            super_resolution: filled(upstream.super_resolution.as_ref()),
            duration: upstream.duration,
            has_frames: upstream.frames.is_some(),
            video_url: content.and_then(|content| filled(content.video_url.as_ref())),
            last_frame_url: content.and_then(|content| filled(content.last_frame_url.as_ref())),
            completion_tokens: usage.and_then(|usage| usage.completion_tokens),
            total_tokens: usage.and_then(|usage| usage.total_tokens),
            super_resolution_tokens: usage.and_then(|usage| usage.super_resolution_tokens),
        }
    }
}

fn filled<'a>(text: Option<&'a Cow<'_, str>>) -> Option<&'a str> {
    text.map(AsRef::as_ref)
        .filter(|text: &&str| !text.is_empty())
}
