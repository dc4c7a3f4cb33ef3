//! From inputs to an output, on all cores, in the order of the inputs.

use std::{io, mem, path::PathBuf};

use rayon::prelude::*;

use super::{job::ChunkResult, reader::Reader};
use crate::{
    report::{Output, Summary},
    validation::Session,
};

/// Recorded traffic: files, directories, or `-` for standard input.
///
/// The format of a file is recognised by its content: a body, an array or lines of bodies, a capture,
/// an HTTP archive, any of them compressed by gzip or zstd. Memory use does not depend on the length
/// of an input.
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
        let wants_states = session.wants_states;
        let mut reader = Reader::new(self.paths);
        let mut done = Vec::new();
        let mut batch = reader.batch(&mut session);
        // While one batch is validated, the one before is written and the next one is read.
        while !batch.is_empty() || !done.is_empty() {
            let work = mem::take(&mut batch);
            let finished = mem::take(&mut done);
            let ((written, next), results) = rayon::join(
                || {
                    let written = absorb(finished, &mut session, output);
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
        let summary = session.summary();
        output.end(&summary)?;
        Ok(summary)
    }
}

fn absorb(
    done: Vec<Vec<ChunkResult>>,
    session: &mut Session,
    output: &mut (dyn Output + Send),
) -> io::Result<()> {
    let (wants_all, wants_whole) = (output.wants_all(), output.wants_whole());
    for result in done.into_iter().flatten() {
        session.add_coverage(&result.coverage);
        session.add_skipped(result.skipped);
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
