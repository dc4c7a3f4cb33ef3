//! The gateway's own address of a video, with its limits.

use std::{sync::Arc, time::Duration};

use http::{HeaderMap, header};
use seedance_query::model::{TaskId, pointers};

use super::{
    super::{
        answer::Answer,
        body::has_video,
        call::Call,
        fault::{Fault, Stage},
        instruction,
        links::links,
        query::Queried,
        storage,
        video::Video,
    },
    errors, row,
};

/// The connection ends after this time, whatever was sent.
const CUT: Duration = Duration::from_mins(1);

/// The video of a task, whole, whatever range is asked for.
pub(crate) fn content(call: &Call<'_>, id: &TaskId) -> Answer {
    let state = call.state;
    let mut faults = state.faults(id);
    match instruction::faults(call.headers, &[Stage::Video]) {
        Ok(more) => faults.extend(more),
        Err(problem) => return errors::content(400, &problem),
    }
    let now = state.clock.elapsed();
    let outcome = state.with_task(id, |task| {
        let phase = task.phase(now);
        let links = links(call, task, phase, &faults);
        let row = row::body(&Queried {
            state,
            task,
            phase,
            links: &links,
            faults: &faults,
        });
        has_video(task, phase).then_some(links.stored).ok_or(row)
    });
    let url = match outcome {
        None => return errors::content(404, "Task not found"),
        Some(Err(row)) => {
            let status = row.pointer(pointers::DATA_STATUS);
            let status = status
                .and_then(serde_json::Value::as_str)
                .unwrap_or_default();
            let message = format!("Task is not completed yet, current status: {status}");
            return errors::content(400, &message);
        }
        Some(Ok(url)) => url,
    };
    let has = |fault| faults.contains(&fault);
    if has(Fault::NoUrl) {
        return errors::content(502, "The task has no address of a video.");
    }
    if has(Fault::UrlAlwaysRefused) || has(Fault::Withheld) {
        return errors::content(403, "The video was blocked.");
    }
    if has(Fault::UrlAlwaysExpired) {
        return errors::content(410, "The video has expired.");
    }
    if has(Fault::GatewayUrlRedirect) {
        return Answer::text(302, "text/plain", String::new())
            .header(header::LOCATION, url)
            .header(header::CACHE_CONTROL, "no-store");
    }
    let path = state.video_path(id, Video::Result);
    storage::video(state, &path, &HeaderMap::new(), call.is_get(), &faults)
        .cut(Arc::clone(&state.clock), CUT)
}
