//! What callers ask a task, whatever its shape.

use super::{
    generated::types::{NormalTask, SuperResolutionTask, Task},
    sensitive::SensitiveString,
    shape::Shape,
    task_id::TaskId,
    url::is_url,
};

impl Task {
    /// Which of the four shapes this is.
    #[must_use]
    pub fn shape(&self) -> Shape {
        match self {
            Self::PendingTask(_) => Shape::Pending,
            Self::NormalTask(_) => Shape::Normal,
            Self::SuperResolutionTask(_) => Shape::SuperResolution,
            Self::FailedTask(_) => Shape::Failure,
        }
    }

    /// The gateway's id of the task (`data.task_id`), if the body has one.
    #[must_use]
    pub fn task_id(&self) -> Option<&TaskId> {
        match self {
            Self::PendingTask(task) => &task.task_id,
            Self::NormalTask(task) => &task.task_id,
            Self::SuperResolutionTask(task) => &task.task_id,
            Self::FailedTask(task) => &task.task_id,
        }
        .as_ref()
    }

    /// The documented status that `data.status` means, such as `IN_PROGRESS`.
    #[must_use]
    pub fn status(&self) -> String {
        match self {
            Self::PendingTask(task) => task.status.to_string(),
            Self::NormalTask(task) => task.status.to_string(),
            Self::SuperResolutionTask(task) => task.status.to_string(),
            Self::FailedTask(task) => task.status.to_string(),
        }
    }

    /// The progress as the gateway estimates it (`data.progress`), such as `50%`. It is `100%` on
    /// failure too, so nothing follows from it.
    #[must_use]
    pub fn progress(&self) -> Option<&str> {
        match self {
            Self::PendingTask(task) => &task.progress,
            Self::NormalTask(task) => &task.progress,
            Self::SuperResolutionTask(task) => &task.progress,
            Self::FailedTask(task) => &task.progress,
        }
        .as_deref()
    }

    /// Whether the task has ended, well or badly. Told by the status alone: progress is an estimate.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        self.shape().is_terminal()
    }

    /// The URL of the finished video: `data.result_url`, or `data.fail_reason` where an older
    /// gateway puts it. `None` while the task is pending, when it failed, and when a finished task
    /// has no usable URL, which the validator reports as `no-result-url`.
    #[must_use]
    pub fn result_url(&self) -> Option<&SensitiveString> {
        let places = match self {
            Self::NormalTask(NormalTask {
                result_url,
                fail_reason,
                ..
            })
            | Self::SuperResolutionTask(SuperResolutionTask {
                result_url,
                fail_reason,
                ..
            }) => [result_url, fail_reason],
            Self::PendingTask(_) | Self::FailedTask(_) => return None,
        };
        places
            .into_iter()
            .flatten()
            .find(|url| is_url(url.expose()))
    }

    /// The URL of the video before the enhancement (`data.original_result_url`, or
    /// `data.data.content.video_url`); `None` unless this is a super-resolution task that has it.
    #[must_use]
    pub fn original_result_url(&self) -> Option<&SensitiveString> {
        let Self::SuperResolutionTask(task) = self else {
            return None;
        };
        let content = task.data.as_ref().and_then(|data| data.content.as_ref());
        [
            task.original_result_url.as_ref(),
            content.and_then(|content| content.video_url.as_ref()),
        ]
        .into_iter()
        .flatten()
        .find(|url| is_url(url.expose()))
    }

    /// When the task ended, in Unix seconds (`data.finish_time`); `None` while it has not, and
    /// where the gateway does not say.
    #[must_use]
    pub fn finish_time(&self) -> Option<i64> {
        match self {
            Self::PendingTask(task) => task.finish_time,
            Self::NormalTask(task) => task.finish_time,
            Self::SuperResolutionTask(task) => task.finish_time,
            Self::FailedTask(task) => task.finish_time,
        }
        .filter(|time| *time > 0)
    }

    /// Why the task failed (`data.fail_reason`); `None` unless it did and says so.
    #[must_use]
    pub fn fail_reason(&self) -> Option<&SensitiveString> {
        match self {
            Self::FailedTask(task) => task
                .fail_reason
                .as_ref()
                .filter(|reason| !reason.is_empty()),
            _ => None,
        }
    }

    /// The tokens that are billed: `usage.super_resolution_tokens` of a super-resolution task,
    /// `usage.total_tokens` of a normal one. A failed task is refunded.
    #[must_use]
    pub fn billed_tokens(&self) -> Option<i64> {
        match self {
            Self::SuperResolutionTask(task) => {
                task.data.as_ref()?.usage.as_ref()?.super_resolution_tokens
            }
            Self::NormalTask(task) => task.data.as_ref()?.usage.as_ref()?.total_tokens,
            Self::PendingTask(_) | Self::FailedTask(_) => None,
        }
    }
}
