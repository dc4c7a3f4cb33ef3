//! What was found, in order: counted in the session and written to the output.

use std::{
    collections::{BTreeMap, BTreeSet},
    io, mem,
};

use super::job::{ChunkResult, Origin};
use crate::{input::Skip, report::Output, validation::Session};

/// What came of the path that the user named.
#[derive(Default)]
pub(super) struct Progress {
    origin: Option<Origin>,
    has_content: bool,
    skipped: BTreeMap<Skip, u64>,
    seen: BTreeSet<String>,
}

/// Maximum number of things that a message names because they are not responses.
const MAX_SEEN: usize = 6;

impl Progress {
    /// Starts the next path; one that has no response is an error.
    pub fn next(
        &mut self,
        origin: Option<&Origin>,
        session: &mut Session,
        output: &mut (dyn Output + Send),
    ) -> io::Result<()> {
        if self.origin.as_ref().map(|known| known.group) == origin.map(|origin| origin.group) {
            return Ok(());
        }
        let ended = mem::replace(
            self,
            Self {
                origin: origin.cloned(),
                ..Self::default()
            },
        );
        match ended.origin {
            Some(origin) if !ended.has_content => {
                let message = nothing_found(&ended.skipped, &ended.seen);
                output.unreadable(
                    &session
                        .inputs()
                        .add_unreadable_input(&origin.named, message),
                )
            }
            _ => Ok(()),
        }
    }
}

/// Why an input without a response is an error.
fn nothing_found(skipped: &BTreeMap<Skip, u64>, seen: &BTreeSet<String>) -> String {
    let mut message = "there is no response of the task query in this input".to_owned();
    let reasons: Vec<String> = skipped
        .iter()
        .map(|(skip, count)| format!("{count} × {}", skip.reason()))
        .collect();
    if !reasons.is_empty() {
        message.push_str(&format!("; skipped: {}", reasons.join(", ")));
    }
    if !seen.is_empty() {
        let seen: Vec<&str> = seen.iter().take(MAX_SEEN).map(String::as_str).collect();
        message.push_str(&format!("; seen: {}", seen.join("; ")));
    }
    message
}

/// Counts and writes what came of some jobs, in their order.
pub(super) fn absorb(
    done: Vec<Vec<ChunkResult>>,
    progress: &mut Progress,
    session: &mut Session,
    output: &mut (dyn Output + Send),
) -> io::Result<()> {
    let (wants_all, wants_whole) = (output.wants_all(), output.wants_whole());
    for result in done.into_iter().flatten() {
        progress.next(Some(&result.origin), session, output)?;
        progress.has_content |= !result.found.is_empty();
        if let Some((directory, skipped)) = result.left_out {
            for (skip, count) in skipped {
                session.inputs().add_left_out(&directory, skip, count);
                *progress.skipped.entry(skip).or_default() += count;
            }
        }
        progress.seen.extend(result.seen);
        let Some(input) = result.input else {
            continue;
        };
        session
            .inputs()
            .counts(input)
            .coverage
            .add(&result.coverage);
        session.inputs().add_content(input, &result.content);
        for (skip, count) in result.skipped {
            session.inputs().counts(input).skip(skip, count);
            *progress.skipped.entry(skip).or_default() += count;
        }
        for (unit, count) in result.items {
            session.inputs().counts(input).items(unit, count);
        }
        for (form, count) in &result.recorded_as {
            session.inputs().counts(input).recorded_as(form, *count);
        }
        for found in result.found {
            match found {
                Ok(examined) => {
                    let wanted = wants_all || (wants_whole && examined.position.is_whole());
                    let absorbed = session.absorb(examined, &result.bytes, wanted);
                    if let Some(response) = absorbed {
                        output.response(&response)?;
                    }
                }
                Err((position, message)) => {
                    output.unreadable(&session.inputs().add_unreadable(position, message))?;
                }
            }
        }
    }
    Ok(())
}
