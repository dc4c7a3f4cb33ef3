//! What the rules look at, wherever it was read from.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::documented;
use crate::model::{Shape, lenient::integer_of};

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
    /// Reads a task of any kind.
    pub fn of_json(row: &'a Map<String, Value>, shape: Option<Shape>, is_seedance: bool) -> Self {
        let upstream = row.get("data").and_then(Value::as_object);
        Self {
            shape,
            task_id: text(row, "task_id"),
            status: text(row, "status"),
            progress: text(row, "progress"),
            action: text(row, "action"),
            result_url: text(row, "result_url"),
            original_result_url: text(row, "original_result_url"),
            fail_reason: text(row, "fail_reason"),
            submit_time: integer(row, "submit_time"),
            start_time: integer(row, "start_time"),
            finish_time: integer(row, "finish_time"),
            upstream: upstream.filter(|_| is_seedance).map(Upstream::of_json),
        }
    }

    /// Reads a task that was found to be as documented.
    pub fn of_documented(row: &'a documented::Task<'_>, shape: Shape) -> Self {
        Self {
            shape: Some(shape),
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
            upstream: row.data.as_ref().map(Upstream::of_documented),
        }
    }

    /// Whether the task has ended with a video.
    pub fn is_success(&self) -> bool {
        self.shape.is_some_and(Shape::has_video)
    }
}

impl<'a> Upstream<'a> {
    fn of_json(upstream: &'a Map<String, Value>) -> Self {
        let content = upstream.get("content").and_then(Value::as_object);
        let usage = upstream.get("usage").and_then(Value::as_object);
        Self {
            id: text(upstream, "id"),
            status: text(upstream, "status"),
            model: text(upstream, "model"),
            ratio: text(upstream, "ratio"),
            resolution: text(upstream, "resolution"),
            super_resolution: text(upstream, "super_resolution"),
            duration: integer(upstream, "duration"),
            has_frames: upstream
                .get("frames")
                .is_some_and(|frames| !frames.is_null()),
            video_url: content.and_then(|content| text(content, "video_url")),
            last_frame_url: content.and_then(|content| text(content, "last_frame_url")),
            completion_tokens: usage.and_then(|usage| integer(usage, "completion_tokens")),
            total_tokens: usage.and_then(|usage| integer(usage, "total_tokens")),
            super_resolution_tokens: usage
                .and_then(|usage| integer(usage, "super_resolution_tokens")),
        }
    }

    fn of_documented(upstream: &'a documented::TaskData<'_>) -> Self {
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

fn text<'a>(object: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    object.get(name)?.as_str().filter(|text| !text.is_empty())
}

fn integer(object: &Map<String, Value>, name: &str) -> Option<i64> {
    match object.get(name)? {
        Value::Number(number) => integer_of(number),
        _ => None,
    }
}

fn filled<'a>(text: Option<&'a Cow<'_, str>>) -> Option<&'a str> {
    text.map(AsRef::as_ref)
        .filter(|text: &&str| !text.is_empty())
}
