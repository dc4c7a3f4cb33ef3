//! What callers ask a task, whatever its shape.

use super::{
    generated::types::Task, sensitive::SensitiveString, task_id::TaskId, task_members::member,
    url::is_url,
};

impl Task {
    /// The gateway's id of the task (`data.task_id`), if the body has one.
    #[must_use]
    pub fn task_id(&self) -> Option<&TaskId> {
        member!(self, task_id)
    }

    /// The progress as the gateway estimates it (`data.progress`), such as `50%`. It is `100%` on
    /// failure too, so nothing follows from it.
    #[must_use]
    pub fn progress(&self) -> Option<&str> {
        member!(self, progress).map(String::as_str)
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
        if !self.shape().has_video() {
            return None;
        }
        [member!(self, result_url), member!(self, fail_reason)]
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
        member!(self, finish_time).copied().filter(|time| *time > 0)
    }

    /// Why the task failed (`data.fail_reason`); `None` unless it did and says so.
    #[must_use]
    pub fn fail_reason(&self) -> Option<&SensitiveString> {
        member!(self, fail_reason).filter(|reason| self.shape().is_refunded() && !reason.is_empty())
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
            _ => None,
        }
    }
}
