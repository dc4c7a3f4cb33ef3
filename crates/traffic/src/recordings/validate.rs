//! From inputs to an output, on all cores, in the order of the inputs.

use std::{io, mem, path::PathBuf, sync::Arc};

use super::{
    absorb::{Progress, absorb},
    job::{Wanted, run_all},
    reader::Reader,
    stop::Stop,
};
use crate::{
    input::{Pipe, Places},
    report::{Output, Summary},
    validation::{Session, SummaryPart},
};

/// Recorded traffic: files, directories, or `-` for standard input.
///
/// The format of a file is recognised by its content: bodies, alone, in an array or line by line;
/// bodies inside log records, text logs, cassettes of VCR and exports of tools such as Postman; HTTP
/// messages as `curl -i`, `-v` or `--trace` print them; an HTTP archive (HAR); flows of mitmproxy;
/// a column of CSV and, with the feature `parquet`, of Parquet and Arrow; code blocks of Markdown; any of
/// them in zip or tar, compressed by gzip, zstd, xz, bzip2 or, with the extension `.br`, Brotli. An input that is not a recording, or has no response, is
/// reported as unreadable. Memory use does not depend on the length of an input.
///
/// Lines, rows and JSON values that arrive on standard input are reported as they arrive, with
/// [`Output::flush`] in each pause. Other formats are reported when the input ends.
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
    places: Places,
    pipe: Arc<Pipe>,
    follows: bool,
}

impl Recordings {
    /// These inputs, in this order.
    pub fn new(paths: impl IntoIterator<Item = PathBuf>) -> Self {
        Self {
            paths: paths.into_iter().collect(),
            places: Places::default(),
            pipe: Arc::default(),
            follows: false,
        }
    }

    /// Reads the file as it grows, until it is [stopped](Self::stop). If it is replaced or written anew,
    /// the new one is read from its start.
    #[must_use]
    pub fn followed(mut self) -> Self {
        self.follows = true;
        self
    }

    /// Ends the validation of standard input, or of a file that is followed.
    pub fn stop(&self) -> Stop {
        Stop::new(&self.pipe)
    }

    /// Tells where bodies, statuses and times stand in the records of the inputs.
    #[must_use]
    pub fn with_places(mut self, places: Places) -> Self {
        self.places = places;
        self
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
        self.run(&mut session, output)
    }

    /// The same, and what is known of each input as a value that can be merged with that of other inputs.
    ///
    /// # Errors
    ///
    /// If the output cannot be written.
    pub fn validate_to_part(
        self,
        session: Session,
        output: &mut (dyn Output + Send),
    ) -> io::Result<(Summary, SummaryPart)> {
        let mut session = session.with_part();
        let options = self.places.options();
        let summary = self.run(&mut session, output)?;
        Ok((summary, session.into_part(options)))
    }

    fn run(self, session: &mut Session, output: &mut (dyn Output + Send)) -> io::Result<Summary> {
        let wanted = Wanted {
            states: session.wants_states() || output.wants_all(),
            content: session.inputs().keeps_each(),
        };
        let places = Arc::new(self.places);
        let mut reader = Reader::new(self.paths, Arc::clone(&places), self.pipe, self.follows);
        let mut done = Vec::new();
        let mut progress = Progress::default();
        let mut batch = reader.batch(session);
        let run = |work| run_all(work, wanted, &places);
        // While one batch is validated, the one before is written and the next one is read.
        while !batch.is_empty() || !done.is_empty() || reader.is_live() {
            let work = mem::take(&mut batch);
            let finished = mem::take(&mut done);
            if reader.is_live() {
                // What has arrived is reported before more is waited for.
                absorb(finished, &mut progress, session, output)?;
                absorb(run(work), &mut progress, session, output)?;
                output.flush()?;
                batch = reader.batch(session);
                continue;
            }
            let ((written, next), results) = rayon::join(
                || {
                    let written = absorb(finished, &mut progress, session, output);
                    (written, reader.batch(session))
                },
                || run(work),
            );
            written?;
            batch = next;
            done = results;
        }
        progress.next(None, session, output)?;
        session.inputs().finish();
        for response in session.unreported() {
            output.across(&response)?;
        }
        let summary = session.summary();
        output.end(&summary)?;
        Ok(summary)
    }
}
