//! What a caller acts on, read from an answer in any of the known forms.

use std::{borrow::Cow, fmt};

use serde::Serialize;

use super::{sensitive::SensitiveString, shape::Shape, status::Status, task_id::TaskId};
use crate::redact::Redactor;

/// What a caller acts on: which task, whether and how it has ended, and where its video is.
///
/// Each member is read on its own, from any answer whose form is known, and is absent where it
/// cannot be read: a fault in one place costs nothing in another. What is wrong with the answer is
/// for the [`Report`](crate::validate::Report) to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TaskView {
    /// The id of the task, as the answer has it.
    pub task_id: Option<TaskId>,
    /// Whether the task has ended, and how.
    pub state: TaskState,
    /// The status as written in the answer, such as `IN_PROGRESS`, secrets masked.
    pub status: Option<String>,
    /// The progress as the gateway estimates it, such as `50%`; `100%` on failure too, so nothing
    /// follows from it.
    pub progress: Option<String>,
    /// Where the finished video is. It can be relative to the gateway. None while the task is
    /// pending, and if it has failed.
    pub result_url: Option<SensitiveString>,
    /// Where the video of a super-resolution task is as it was before the enhancement.
    pub original_result_url: Option<SensitiveString>,
    /// Whether the task is a super-resolution task: it has at least one of the members that only
    /// these have.
    pub is_super_resolution: bool,
    /// Why the task failed, in words; an error that stands there as JSON text is unwrapped.
    pub fail_reason: Option<SensitiveString>,
    /// The code of the failure, such as `OutputVideoSensitiveContentDetected`.
    pub code: Option<String>,
    /// The tokens that are billed; a failed task is refunded.
    pub billed_tokens: Option<i64>,
    /// When the task ended, in Unix seconds.
    pub finish_time: Option<i64>,
    /// What the upstream says of the task, where the gateway passes it on.
    pub upstream: UpstreamView,
    /// The form of the answer.
    pub form: TaskForm,
}

/// What the upstream says of a task; the task's own status counts more.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct UpstreamView {
    /// Whether the upstream has ended, and how.
    pub state: TaskState,
    /// The upstream's status as written in the answer, secrets masked.
    pub status: Option<String>,
    /// Where the upstream's video is: for a super-resolution task the one before the enhancement.
    pub url: Option<SensitiveString>,
}

/// Whether a task has ended, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TaskState {
    /// It waits or runs.
    Pending,
    /// It has ended with a video.
    Succeeded,
    /// It has ended without one.
    Failed,
    /// There is no status, or none whose meaning is known.
    #[default]
    Unknown,
}

/// The form of an answer that tells of a task.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TaskForm {
    /// The documented one: a task in its envelope.
    #[default]
    Enveloped,
    /// A task without its envelope.
    Bare,
    /// A task in more than one envelope.
    NestedEnvelopes,
    /// The upstream's own task object.
    Upstream,
    /// A video object in the style of OpenAI's API.
    VideoObject,
    /// The gateway's short form, with its videos in a list.
    ContentList,
}

impl TaskForm {
    /// The name used in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Enveloped => "enveloped",
            Self::Bare => "bare",
            Self::NestedEnvelopes => "nested_envelopes",
            Self::Upstream => "upstream",
            Self::VideoObject => "video_object",
            Self::ContentList => "content_list",
        }
    }
}

impl fmt::Display for TaskForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl TaskView {
    /// The shape of the task, if its state is known.
    #[must_use]
    pub fn shape(&self) -> Option<Shape> {
        let is_it = |shape: &Shape| TaskState::of_shape(*shape) == self.state;
        if self.is_super_resolution && self.state == TaskState::Succeeded {
            return Some(Shape::SuperResolution);
        }
        // The status tells the shape; without one that is known, the first of such a state is meant.
        let told = self.status.as_deref().and_then(Status::of_word);
        let told = told.map(|status| status.shape).filter(is_it);
        told.or_else(|| Shape::TASKS.into_iter().find(is_it))
    }

    /// Hides what a redactor knows, such as the key that a gateway repeats: in words that are shown
    /// as they are, and in what [`expose`](SensitiveString::expose) gives, where that is shown.
    pub(crate) fn hide(&mut self, redactor: &Redactor) {
        let upstream = &mut self.upstream;
        let urls = [
            &mut self.result_url,
            &mut self.original_result_url,
            &mut self.fail_reason,
            &mut upstream.url,
        ];
        for url in urls.into_iter().flatten() {
            url.hide(redactor);
        }
        let words = [
            &mut self.status,
            &mut self.progress,
            &mut self.code,
            &mut upstream.status,
        ];
        for word in words.into_iter().flatten() {
            if let Cow::Owned(shown) = redactor.text(word) {
                *word = shown;
            }
        }
    }

    /// Whether there is anything to act on: a status, or a URL.
    #[must_use]
    pub fn is_understood(&self) -> bool {
        self.status.is_some() || self.state != TaskState::Unknown || self.result_url.is_some()
    }
}

impl TaskState {
    /// What a status means, in the words of the gateway, of the upstream or of other gateways;
    /// which words these are stands in the OpenAPI document.
    ///
    /// # Examples
    ///
    /// ```
    /// use seedance_query::TaskState;
    ///
    /// assert_eq!(TaskState::of_status("SUCCESS"), TaskState::Succeeded);
    /// assert_eq!(TaskState::of_status("completed"), TaskState::Succeeded);
    /// assert_eq!(TaskState::of_status("archived"), TaskState::Unknown);
    /// ```
    #[must_use]
    pub fn of_status(status: &str) -> Self {
        Status::of_word(status).map_or(Self::Unknown, |status| Self::of_shape(status.shape))
    }

    /// The state that a task of this shape is in.
    #[must_use]
    pub fn of_shape(shape: Shape) -> Self {
        match shape {
            Shape::Error => Self::Unknown,
            shape if shape.has_video() => Self::Succeeded,
            shape if shape.is_terminal() => Self::Failed,
            _ => Self::Pending,
        }
    }

    /// Whether the task has ended, well or badly.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed)
    }

    /// The name used in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for TaskState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::{Status, TaskState};

    #[test]
    fn a_word_means_a_documented_status_in_any_case() {
        for (word, value, state) in [
            ("SUCCESS", "SUCCESS", TaskState::Succeeded),
            ("success", "SUCCESS", TaskState::Succeeded),
            ("Succeeded", "SUCCESS", TaskState::Succeeded),
            ("SUBMITTED", "NOT_START", TaskState::Pending),
            ("running", "IN_PROGRESS", TaskState::Pending),
            (" queued ", "QUEUED", TaskState::Pending),
            ("timed_out", "FAILURE", TaskState::Failed),
            ("CANCELED", "FAILURE", TaskState::Failed),
        ] {
            assert_eq!(Status::of_word(word).unwrap().value, value, "{word}");
            assert_eq!(TaskState::of_status(word), state, "{word}");
        }
        for word in ["", "archived", "success!", "SUC CESS"] {
            assert_eq!(TaskState::of_status(word), TaskState::Unknown, "{word}");
        }
    }
}
