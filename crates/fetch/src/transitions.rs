//! State transitions caused by the gateway's answers: task, captures and ledger.

use std::time::SystemTime;

use super::{
    blocking::blocking,
    error::FetchError,
    event::FetchEvent,
    ledger::{TaskRow, TaskState, VideoState},
    queue::Wanted,
    run::Run,
    video_kind::VideoKind,
};
use seedance_query::{
    capture::Capture,
    client::QueryResponse,
    download,
    model::{ResultUrl, TaskId},
    poll::WaitError,
    redact,
};

impl Run {
    /// Notes how a task ended and what there is to download. The capture comes first: a task that
    /// the ledger calls ended has one.
    pub(super) async fn ended(
        &mut self,
        id: &TaskId,
        response: &QueryResponse,
        failure: Option<String>,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        let kept = self.keep(id, response.capture()).await;
        let view = response.view();
        let urls = [
            (VideoKind::Result, response.result_url()),
            (
                VideoKind::Original,
                response
                    .original_result_url()
                    .filter(|_| self.fetch.originals),
            ),
        ];
        let urls = urls
            .into_iter()
            .filter_map(|(kind, url)| Some((kind, url?)));
        let urls: Vec<(VideoKind, ResultUrl)> = urls.collect();
        let row = TaskRow {
            task_id: id.clone(),
            state: match failure {
                Some(_) => TaskState::Failed,
                None => TaskState::Succeeded,
            },
            shape: view.shape().map(|shape| shape.name().to_owned()),
            billed_tokens: view.billed_tokens,
            reason: failure,
            problem: None,
            request_id: None,
        };
        self.changed.insert(id.clone());
        let expires_in = urls
            .first()
            .and_then(|(_, url)| url.expires_in(SystemTime::now()));
        on_event(FetchEvent::Ended {
            task_id: id.clone(),
            shape: row.shape.clone(),
            verdict: Some(response.report().verdict()),
            findings: response.report().findings().to_vec(),
            billed_tokens: row.billed_tokens,
            reason: row.reason.clone(),
            expires_in: expires_in.map(|left| left.as_secs_f64()),
        });
        self.want(row, urls, on_event).await?;
        self.warn_unless(kept, id, on_event).await
    }

    /// The wait was given up; if a body has a URL all the same, that is a video that was paid for.
    pub(super) async fn given_up(
        &mut self,
        id: &TaskId,
        error: &WaitError,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        self.is_unauthorized |= error.is_unauthorized();
        let Some(url) = error.result_url() else {
            if error.is_unknown_task() {
                return self.unavailable(id, &error.to_string(), on_event).await;
            }
            if error
                .query_error()
                .is_some_and(seedance_query::Error::is_connect)
            {
                self.unreachable.insert(id.clone());
            }
            return self.leave(id, &error.to_string(), on_event).await;
        };
        let capture = match error.answer() {
            Ok(response) => Some(response.capture()),
            Err(error) => error.capture(),
        };
        let kept = match capture {
            Some(capture) => self.keep(id, capture).await,
            None => Ok(()),
        };
        let row = TaskRow {
            task_id: id.clone(),
            state: TaskState::Succeeded,
            shape: None,
            billed_tokens: None,
            reason: None,
            problem: None,
            request_id: None,
        };
        let urls = vec![(VideoKind::Result, url.clone())];
        self.want(row, urls, on_event).await?;
        self.warn_unless(kept, id, on_event).await
    }

    async fn want(
        &mut self,
        row: TaskRow,
        urls: Vec<(VideoKind, ResultUrl)>,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        let expiry = |url: &ResultUrl| url.expiry().map(|expiry| expiry.at);
        let videos: Vec<_> = urls
            .iter()
            .map(|(kind, url)| (*kind, expiry(url)))
            .collect();
        let task_id = row.task_id.clone();
        self.ledger
            .with(move |ledger| ledger.ended(&row, &videos))
            .await?;
        for (kind, url) in urls {
            let id = task_id.clone();
            let video = self.ledger.with(move |ledger| ledger.video(&id, kind));
            let video = video.await?;
            if video.is_some_and(|video| video.state == VideoState::Arrived) {
                continue;
            }
            if !self.adopt(&task_id, kind, on_event).await? {
                let task_id = task_id.clone();
                self.queue.push(Wanted { task_id, kind, url });
            }
        }
        Ok(())
    }

    /// A capture that could not be written is no reason to lose a video.
    pub(super) async fn warn_unless(
        &mut self,
        kept: Result<(), String>,
        id: &TaskId,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        if let Err(problem) = kept {
            self.note_problem(id, &problem).await?;
            on_event(FetchEvent::Warned {
                task_id: id.clone(),
                problem,
            });
        }
        Ok(())
    }

    /// Notes that a video is not available. It is new unless an earlier run found that out.
    pub(super) async fn unavailable(
        &mut self,
        id: &TaskId,
        reason: &str,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        let reason = redact::text(reason).into_owned();
        let (task_id, noted) = (id.clone(), reason.clone());
        self.ledger
            .with(move |ledger| ledger.unavailable(&task_id, &noted))
            .await?;
        if self.unavailable_before.contains(id) {
            self.changed.remove(id);
        } else {
            self.changed.insert(id.clone());
        }
        on_event(FetchEvent::Unavailable {
            task_id: id.clone(),
            reason,
        });
        Ok(())
    }

    pub(super) async fn leave(
        &mut self,
        id: &TaskId,
        problem: &str,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        let problem = redact::text(problem).into_owned();
        self.note_problem(id, &problem).await?;
        on_event(FetchEvent::Left {
            task_id: id.clone(),
            problem,
        });
        Ok(())
    }

    async fn note_problem(&self, id: &TaskId, problem: &str) -> Result<(), FetchError> {
        let (task_id, problem) = (id.clone(), problem.to_owned());
        self.ledger
            .with(move |ledger| ledger.has_problem(&task_id, &problem))
            .await
    }

    /// Keeps the last answer beside the video.
    pub(super) async fn keep(&self, id: &TaskId, capture: Capture) -> Result<(), String> {
        let name = download::capture_name(id);
        let path = self.fetch.directory.join(name);
        blocking(move || {
            let saved = capture.save(&path);
            saved.map_err(|cause| format!("cannot write {}: {cause}", path.display()))
        })
        .await
    }
}
