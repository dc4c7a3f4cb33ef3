//! What follows for a task, its files and the ledger from an answer or from a download.

use std::time::SystemTime;

use super::{
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
    download::{self, DownloadError, StagedVideo},
    model::{ResultUrl, TaskId},
    poll::WaitError,
    redact,
};

/// At most this many downloads of a video are begun in a run.
const TRIES: u32 = 3;

impl Run {
    /// Notes how a task ended and what there is to download. The capture comes first: a task that
    /// the ledger calls ended has one.
    pub(super) fn ended(
        &mut self,
        id: &TaskId,
        response: &QueryResponse,
        failure: Option<String>,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        let kept = self.keep(id, &response.capture());
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
        self.want(&row, urls, on_event)?;
        self.warn_unless(kept, id, on_event)
    }

    /// Waiting was given up; a body that has a URL all the same is a video that was paid for.
    pub(super) fn given_up(
        &mut self,
        id: &TaskId,
        error: &WaitError,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        self.is_unauthorized |= error.is_unauthorized();
        let Some(url) = error.result_url() else {
            if error.is_unknown_task() {
                return self.unavailable(id, &error.to_string(), on_event);
            }
            if error
                .query_error()
                .is_some_and(seedance_query::Error::is_connect)
            {
                self.unreachable.insert(id.clone());
            }
            return self.leave(id, &error.to_string(), on_event);
        };
        let capture = match error.answer() {
            Ok(response) => Some(response.capture()),
            Err(error) => error.capture(),
        };
        let kept = capture.map_or(Ok(()), |capture| self.keep(id, &capture));
        let row = TaskRow {
            task_id: id.clone(),
            state: TaskState::Succeeded,
            shape: None,
            billed_tokens: None,
            reason: None,
            problem: None,
        };
        self.want(&row, vec![(VideoKind::Result, url.clone())], on_event)?;
        self.warn_unless(kept, id, on_event)
    }

    fn want(
        &mut self,
        row: &TaskRow,
        urls: Vec<(VideoKind, ResultUrl)>,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        let expiry = |url: &ResultUrl| url.expiry().map(|expiry| expiry.at);
        let videos: Vec<_> = urls
            .iter()
            .map(|(kind, url)| (*kind, expiry(url)))
            .collect();
        self.ledger.ended(row, &videos)?;
        for (kind, url) in urls {
            let video = self.ledger.video(&row.task_id, kind)?;
            if video.is_some_and(|video| video.state == VideoState::Arrived) {
                continue;
            }
            if !self.adopt(&row.task_id, kind, on_event)? {
                let task_id = row.task_id.clone();
                self.queue.push(Wanted { task_id, kind, url });
            }
        }
        Ok(())
    }

    /// Takes over a whole video that is there under its name, as after a ledger was lost.
    fn adopt(
        &mut self,
        id: &TaskId,
        kind: VideoKind,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<bool, FetchError> {
        let name = file_name(id, kind);
        let Ok(found) = download::inspect(&self.fetch.directory.join(&name)) else {
            return Ok(false);
        };
        self.ledger
            .placing(id, kind, (&name, found.bytes, &found.sha256), None)?;
        self.ledger.placed(id, kind, true)?;
        self.arrived(id, kind, true, on_event)?;
        Ok(true)
    }

    /// Lets a verified file appear, with its checksum in the ledger before.
    pub(super) fn downloaded(
        &mut self,
        wanted: Wanted,
        tries: u32,
        outcome: Result<StagedVideo, DownloadError>,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        let (id, kind) = (wanted.task_id.clone(), wanted.kind);
        let placed = match outcome {
            Ok(staged) => {
                let name = file_name(&id, kind);
                let found = (name.as_str(), staged.bytes(), staged.sha256());
                let verification = staged.verification().to_string();
                self.ledger.placing(&id, kind, found, Some(&verification))?;
                let placed = staged.place();
                self.ledger.placed(&id, kind, placed.is_ok())?;
                placed.map(|_| ())
            }
            Err(error) => Err(error),
        };
        match placed {
            Ok(()) => self.arrived(&id, kind, false, on_event),
            Err(error) if error.is_retryable() && tries < TRIES => {
                self.begin_download(wanted, tries + 1);
                Ok(())
            }
            Err(error) if error.is_already_exists() => self.leave(
                &id,
                &format!("{error}; move it away and run again"),
                on_event,
            ),
            Err(error) if error.is_retryable() || error.is_io() => {
                self.leave(&id, &error.to_string(), on_event)
            }
            Err(error) => self.unavailable(&id, &error.to_string(), on_event),
        }
    }

    pub(super) fn arrived(
        &mut self,
        id: &TaskId,
        kind: VideoKind,
        was_there: bool,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        if let Some(video) = self.ledger.video(id, kind)? {
            on_event(FetchEvent::Arrived {
                task_id: id.clone(),
                kind,
                file: self.fetch.directory.join(video.file.unwrap_or_default()),
                bytes: video.bytes.unwrap_or_default(),
                sha256: video.sha256.unwrap_or_default(),
                verification: video.verification,
                was_there,
            });
        }
        Ok(())
    }

    /// A capture that could not be written is no reason to lose a video.
    pub(super) fn warn_unless(
        &mut self,
        kept: Result<(), String>,
        id: &TaskId,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        if let Err(problem) = kept {
            self.ledger.has_problem(id, &problem)?;
            on_event(FetchEvent::Warned {
                task_id: id.clone(),
                problem,
            });
        }
        Ok(())
    }

    /// Notes that a video cannot be had. It is new unless an earlier run found that out.
    pub(super) fn unavailable(
        &mut self,
        id: &TaskId,
        reason: &str,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        let reason = redact::text(reason).into_owned();
        self.ledger.unavailable(id, &reason)?;
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

    pub(super) fn leave(
        &mut self,
        id: &TaskId,
        problem: &str,
        on_event: &mut impl FnMut(FetchEvent),
    ) -> Result<(), FetchError> {
        let problem = redact::text(problem).into_owned();
        self.ledger.has_problem(id, &problem)?;
        on_event(FetchEvent::Left {
            task_id: id.clone(),
            problem,
        });
        Ok(())
    }

    /// Keeps the last answer beside the video.
    pub(super) fn keep(&self, id: &TaskId, capture: &Capture) -> Result<(), String> {
        let name = download::capture_name(id);
        let path = self.fetch.directory.join(name);
        capture
            .save(&path)
            .map_err(|cause| format!("cannot write {}: {cause}", path.display()))
    }
}

fn file_name(id: &TaskId, kind: VideoKind) -> String {
    download::video_name(id, kind == VideoKind::Original)
}
