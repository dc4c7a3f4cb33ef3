//! An upstream that has ended while the gateway's own status is still pending.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::duration_limit::limited;
use crate::{
    client::QueryResponse,
    model::{TaskState, TaskView},
};

/// How long a wait continues after the upstream has ended, since the gateway may be about to notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct UpstreamGrace {
    pub answers: u32,
    #[serde(deserialize_with = "limited")]
    pub span: Duration,
}

impl Default for UpstreamGrace {
    fn default() -> Self {
        Self {
            answers: 3,
            span: Duration::from_mins(1),
        }
    }
}

/// The end of the upstream, as reported by consecutive answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct UpstreamEnd {
    status: Option<String>,
    /// When an answer first said so, counted from the wait's first query.
    since: Duration,
    answers: u32,
}

impl UpstreamEnd {
    /// Processes an answer whose own status is pending; `None` if its upstream has not ended.
    pub fn after(
        before: Option<Self>,
        response: &QueryResponse,
        elapsed: Duration,
    ) -> Option<Self> {
        let upstream = &response.view().upstream;
        if !upstream.state.is_terminal() {
            return None;
        }
        let same = before.filter(|before| before.status == upstream.status);
        let mut end = same.unwrap_or_else(|| Self {
            status: upstream.status.clone(),
            since: elapsed,
            answers: 0,
        });
        end.answers = end.answers.saturating_add(1);
        Some(end)
    }

    /// The same in a wait that has taken this long.
    pub fn at(mut self, elapsed: Duration) -> Self {
        self.since = self.since.min(elapsed);
        self
    }

    /// Whether the gateway has had its time to notice.
    pub fn is_over(&self, grace: UpstreamGrace, elapsed: Duration) -> bool {
        self.answers >= grace.answers && elapsed.saturating_sub(self.since) >= grace.span
    }

    pub fn answers(&self) -> u32 {
        self.answers
    }
}

/// Whether the upstream's video is the task's: the upstream has succeeded and has a URL, and the
/// gateway has no enhancement left to do.
pub(super) fn has_video(view: &TaskView) -> bool {
    view.upstream.state == TaskState::Succeeded
        && view.upstream.url.is_some()
        && !view.is_super_resolution
}
