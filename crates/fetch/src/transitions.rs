//! State transitions caused by the gateway's answers: task, captures and ledger.

use std::time::SystemTime;

use super::{
    blocking::blocking,
    error::FetchError,
    event::FetchEvent,
    ledger::{Claim, Ledger, TaskRow, TaskState, VideoState},
    new_video::VideoOrigin,
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

impl<L: Ledger> Run<L> {
    /// Notes how a task ended and what there is to download. The capture comes first: a task that
    /// the ledger calls ended has one.
    pub(super) async fn ended(
        &mut self,
        claim: &Claim,
        response: &QueryResponse,
        failure: Option<String>,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        let id = &claim.task_id;
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
        // Only objects in a store tell of it.
        let origin = match self.store {
            Some(_) => VideoOrigin {
                model: response.model(),
                billed_tokens: row.billed_tokens,
            },
            None => VideoOrigin::default(),
        };
        self.want(claim, row, (urls, origin), on_event).await?;
        self.warn_unless(kept, claim, on_event).await
    }

    /// The wait was given up; if a body has a URL all the same, that is a video that was paid for.
    pub(super) async fn given_up(
        &mut self,
        claim: &Claim,
        error: &WaitError,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        let id = &claim.task_id;
        self.is_unauthorized |= error.is_unauthorized();
        let Some(url) = error.result_url() else {
            if error.is_unknown_task() {
                return self.unavailable(claim, &error.to_string(), on_event).await;
            }
            if error
                .query_error()
                .is_some_and(seedance_query::Error::is_connect)
            {
                self.unreachable.insert(id.clone());
            }
            return self.leave(claim, &error.to_string(), on_event).await;
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
        let origin = VideoOrigin::default();
        self.want(claim, row, (urls, origin), on_event).await?;
        self.warn_unless(kept, claim, on_event).await
    }

    async fn want(
        &mut self,
        claim: &Claim,
        row: TaskRow,
        (urls, origin): (Vec<(VideoKind, ResultUrl)>, VideoOrigin),
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        let expiry = |url: &ResultUrl| url.expiry().map(|expiry| expiry.at);
        let videos: Vec<_> = urls
            .iter()
            .map(|(kind, url)| (*kind, expiry(url)))
            .collect();
        self.ledger.ended(claim, row, videos).await?;
        for (kind, url) in urls {
            let video = self.ledger.video(claim.task_id.clone(), kind).await?;
            if video.is_some_and(|video| video.state == VideoState::Arrived) {
                continue;
            }
            if !self.adopt(claim, kind, on_event).await? {
                self.held.video_queued(claim);
                self.queue.push(Wanted {
                    claim: claim.clone(),
                    kind,
                    url,
                    origin: origin.clone(),
                });
            }
        }
        Ok(())
    }

    /// A capture that could not be written is no reason to lose a video.
    pub(super) async fn warn_unless(
        &mut self,
        kept: Result<(), String>,
        claim: &Claim,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        if let Err(problem) = kept {
            self.ledger.has_problem(claim, problem.clone()).await?;
            on_event(FetchEvent::Warned {
                task_id: claim.task_id.clone(),
                problem,
            });
        }
        Ok(())
    }

    /// Notes that a video is not available. It is new unless an earlier run found that out.
    pub(super) async fn unavailable(
        &mut self,
        claim: &Claim,
        reason: &str,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        let reason = redact::text(reason).into_owned();
        let id = &claim.task_id;
        self.ledger.unavailable(claim, reason.clone()).await?;
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
        claim: &Claim,
        problem: &str,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        let problem = redact::text(problem).into_owned();
        self.ledger.has_problem(claim, problem.clone()).await?;
        on_event(FetchEvent::Left {
            task_id: claim.task_id.clone(),
            problem,
        });
        Ok(())
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
