//! A report that is written while the traffic goes on.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use seedance_traffic::{Output, Summary, ValidatedResponse};

/// A report in some format, and whether it could be written. Output that cannot be written is no
/// reason to stop the traffic.
#[derive(Clone)]
pub(crate) struct LiveReport(Arc<Mutex<Writing>>);

struct Writing {
    output: Box<dyn Output + Send>,
    outcome: io::Result<()>,
}

impl LiveReport {
    pub fn new(output: Box<dyn Output + Send>) -> Self {
        let outcome = Ok(());
        Self(Arc::new(Mutex::new(Writing { output, outcome })))
    }

    /// Adds a response, so that it can be read at once.
    pub fn response(&self, response: &ValidatedResponse) {
        self.write(|output| {
            let has_findings = !response.report.findings().is_empty();
            if has_findings || output.wants_all() || output.wants_whole() {
                output.response(response)?;
            }
            output.flush()
        });
    }

    /// Ends the report, and tells why it could not be written.
    ///
    /// # Errors
    ///
    /// The first one.
    pub fn end(self, summary: &Summary) -> io::Result<()> {
        self.write(|output| output.end(summary));
        let mut writing = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut writing.outcome, Ok(()))
    }

    fn write(&self, write: impl FnOnce(&mut dyn Output) -> io::Result<()>) {
        let mut writing = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if writing.outcome.is_ok() {
            writing.outcome = write(&mut *writing.output);
        }
    }
}

/// The file of a report, without colours.
///
/// # Errors
///
/// If it cannot be created, or is one of the inputs.
pub(crate) fn report_file(
    path: &Path,
    inputs: &[PathBuf],
) -> Result<impl io::Write + Send + use<>, String> {
    refuse_input(path, inputs)?;
    match File::create(path) {
        Ok(file) => Ok(io::BufWriter::new(anstream::StripStream::new(file))),
        Err(error) => Err(format!("cannot write {}: {error}", path.display())),
    }
}

/// Refuses to write a file that is one of the inputs, which would be lost.
///
/// # Errors
///
/// With the path.
pub(crate) fn refuse_input(path: &Path, inputs: &[PathBuf]) -> Result<(), String> {
    let Some(own) = fs::canonicalize(path).ok().filter(|own| own.is_file()) else {
        // There is nothing that could be lost.
        return Ok(());
    };
    let is_own = |input: &PathBuf| fs::canonicalize(input).is_ok_and(|input| input == own);
    if inputs.iter().any(is_own) {
        return Err(format!(
            "{} is an input, and would be overwritten; name another file to write",
            path.display()
        ));
    }
    Ok(())
}
