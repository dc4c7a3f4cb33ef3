//! A report that is written while the traffic goes on.

use std::{
    fs::File,
    io,
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
/// If it cannot be created.
pub(crate) fn report_file(path: &std::path::Path) -> Result<impl io::Write + Send + use<>, String> {
    match File::create(path) {
        Ok(file) => Ok(io::BufWriter::new(anstream::StripStream::new(file))),
        Err(error) => Err(format!("cannot write {}: {error}", path.display())),
    }
}
