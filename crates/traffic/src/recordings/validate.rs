//! From inputs to an output, on all cores, in the order of the inputs.

use std::{collections::BTreeMap, io, mem, path::PathBuf};

use rayon::prelude::*;

use super::{job::ChunkResult, reader::Reader};
use crate::{
    input::Skip,
    report::{Output, Summary},
    timeline::Position,
    validation::Session,
};
use seedance_query::model::Place;

/// Recorded traffic: files, directories, or `-` for standard input.
///
/// The format of a file is recognised by its content: bodies, alone, in an array or line by line;
/// bodies inside log records and exports of tools such as Postman; HTTP messages as `curl -i` or
/// `curl -v` print them; an HTTP archive (HAR); code blocks of Markdown; any of them compressed by gzip
/// or zstd. An input that is not a recording, or has no response, is reported as unreadable. Memory
/// use does not depend on the length of an input.
///
/// # Examples
///
/// ```
/// use seedance_traffic::{Output, Recordings, Session, Summary, Unreadable, ValidatedResponse};
///
/// /// Prints one line per response.
/// struct Lines;
///
/// impl Output for Lines {
///     fn response(&mut self, response: &ValidatedResponse) -> std::io::Result<()> {
///         println!("{}: {}", response.source, response.report.verdict());
///         Ok(())
///     }
///
///     fn unreadable(&mut self, unreadable: &Unreadable) -> std::io::Result<()> {
///         println!("{}: {}", unreadable.source, unreadable.message);
///         Ok(())
///     }
///
///     fn end(&mut self, _: &Summary) -> std::io::Result<()> {
///         Ok(())
///     }
/// }
///
/// let summary = Recordings::new(["tests/captures".into()]).validate(Session::new(), &mut Lines)?;
/// assert_eq!(summary.verdicts.violates, 0);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Recordings {
    paths: Vec<PathBuf>,
}

impl Recordings {
    /// These inputs, in this order.
    pub fn new(paths: impl IntoIterator<Item = PathBuf>) -> Self {
        Self {
            paths: paths.into_iter().collect(),
        }
    }

    /// Validates everything, writes the report and returns the summary.
    ///
    /// # Errors
    ///
    /// If the output cannot be written. Inputs that cannot be read are part of the report.
    pub fn validate(
        self,
        mut session: Session,
        output: &mut (dyn Output + Send),
    ) -> io::Result<Summary> {
        let wants_states = session.wants_states || output.wants_all();
        let mut reader = Reader::new(self.paths);
        let mut done = Vec::new();
        let mut progress = Progress::default();
        let mut batch = reader.batch(&mut session);
        // While one batch is validated, the one before is written and the next one is read.
        while !batch.is_empty() || !done.is_empty() {
            let work = mem::take(&mut batch);
            let finished = mem::take(&mut done);
            let ((written, next), results) = rayon::join(
                || {
                    let written = absorb(finished, &mut progress, &mut session, output);
                    (written, reader.batch(&mut session))
                },
                || {
                    let jobs = work.into_par_iter().with_max_len(1);
                    jobs.map(|job| job.run(wants_states)).collect()
                },
            );
            written?;
            batch = next;
            done = results;
        }
        progress.next(None, false, &mut session, output)?;
        let summary = session.summary();
        output.end(&summary)?;
        Ok(summary)
    }
}

/// What came of the current input.
#[derive(Default)]
struct Progress {
    input: Option<u32>,
    is_named: bool,
    has_content: bool,
    skipped: BTreeMap<Skip, u64>,
    /// Whether any input so far had content.
    any_content: bool,
}

impl Progress {
    /// Starts the next input; an input that the user named and that has no response is an error.
    fn next(
        &mut self,
        input: Option<u32>,
        is_named: bool,
        session: &mut Session,
        output: &mut (dyn Output + Send),
    ) -> io::Result<()> {
        if self.input == input {
            return Ok(());
        }
        let ended = mem::replace(
            self,
            Self {
                input,
                is_named,
                any_content: self.any_content || self.has_content,
                ..Self::default()
            },
        );
        match ended.input {
            // In a directory, other files are skipped, but something has to be found.
            Some(ended_input)
                if !ended.has_content
                    && (ended.is_named || (input.is_none() && !self.any_content)) =>
            {
                let position = Position::new(ended_input, Place::Whole, 1);
                let message = nothing_found(&ended.skipped);
                output.unreadable(&session.add_unreadable(position, message))
            }
            _ => Ok(()),
        }
    }
}

/// Why an input without a response is an error.
fn nothing_found(skipped: &BTreeMap<Skip, u64>) -> String {
    let reasons: Vec<String> = skipped
        .iter()
        .map(|(skip, count)| format!("{count} × {}", skip.reason()))
        .collect();
    if reasons.is_empty() {
        "there is no response of the task query in this input".to_owned()
    } else {
        format!(
            "there is no response of the task query in this input; skipped: {}",
            reasons.join(", ")
        )
    }
}

fn absorb(
    done: Vec<Vec<ChunkResult>>,
    progress: &mut Progress,
    session: &mut Session,
    output: &mut (dyn Output + Send),
) -> io::Result<()> {
    let (wants_all, wants_whole) = (output.wants_all(), output.wants_whole());
    for result in done.into_iter().flatten() {
        progress.next(Some(result.input), result.is_named, session, output)?;
        progress.has_content |= !result.found.is_empty();
        session.add_coverage(&result.coverage);
        for (skip, count) in result.skipped {
            session.add_skipped(skip, count);
            *progress.skipped.entry(skip).or_default() += count;
        }
        for (form, count) in &result.recorded_as {
            session.add_recorded_as(form, *count);
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
                    output.unreadable(&session.add_unreadable(position, message))?;
                }
            }
        }
    }
    Ok(())
}
