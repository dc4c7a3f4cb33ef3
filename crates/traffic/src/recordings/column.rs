//! A column of a table whose rows are handed over, rather than read from a file.

use std::{io, mem, sync::Arc};

use super::{
    absorb::{Progress, absorb},
    job::{Job, Origin, Wanted, Work, run_all},
};
use crate::{
    input::{Cell, Cells, Chunk, Places, cell_status, cell_time},
    limits::BATCH,
    report::{Output, Summary, Unreadable, ValidatedResponse},
    validation::{Session, SummaryPart},
};

/// The bodies in a column of a table, one after the other.
///
/// What it comes to equals that of [`Recordings`](super::Recordings) for a Parquet file of this name that
/// holds the same rows.
///
/// # Examples
///
/// ```
/// use seedance_traffic::ColumnRecording;
///
/// let mut column = ColumnRecording::new("polls.parquet", "body");
/// column.add(Some(b"{}"), Some("200"), None)?;
/// column.add(None, None, None)?;
/// assert_eq!(column.into_part()?.summary().responses, 1);
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct ColumnRecording {
    session: Session,
    cells: Cells,
    jobs: Vec<Job>,
    /// The size of the jobs.
    weight: usize,
    progress: Progress,
    input: u32,
    origin: Origin,
}

impl ColumnRecording {
    /// A column of an input, by their names.
    #[must_use]
    pub fn new(input: &str, column: &str) -> Self {
        let mut session = Session::new().with_part();
        let name: Arc<str> = input.into();
        let number = session.inputs().add(&name);
        Self {
            session,
            cells: Cells::new(&Places::default(), column.to_owned()),
            jobs: Vec::new(),
            weight: 0,
            progress: Progress::default(),
            input: number,
            origin: Origin {
                group: 1,
                named: name,
                is_named: true,
            },
        }
    }

    /// Adds a row: the body, if there is one, with the HTTP status and the time as the row has them.
    ///
    /// # Errors
    ///
    /// None today.
    pub fn add(
        &mut self,
        body: Option<&[u8]>,
        status: Option<&str>,
        time: Option<&str>,
    ) -> io::Result<()> {
        let cell = Cell {
            body,
            status: status.and_then(cell_status),
            time: time.and_then(cell_time),
        };
        match self.cells.push(cell) {
            Some(chunk) => self.chunk(chunk),
            None => Ok(()),
        }
    }

    fn chunk(&mut self, chunk: Chunk) -> io::Result<()> {
        self.weight += chunk.weight();
        self.jobs.push(Job {
            input: self.input,
            origin: self.origin.clone(),
            work: Work::Chunk(chunk),
        });
        if self.weight < BATCH {
            return Ok(());
        }
        self.run()
    }

    fn run(&mut self) -> io::Result<()> {
        self.weight = 0;
        let wanted = Wanted {
            states: self.session.wants_states(),
            content: self.session.inputs().keeps_each(),
        };
        let done = run_all(mem::take(&mut self.jobs), wanted, &Places::default());
        absorb(done, &mut self.progress, &mut self.session, &mut Unprinted)
    }

    /// What is known of the rows, to be merged with that of other inputs.
    ///
    /// # Errors
    ///
    /// None today.
    pub fn into_part(mut self) -> io::Result<SummaryPart> {
        let last = self.cells.finish(None);
        self.chunk(last)?;
        self.run()?;
        self.progress
            .next(None, &mut self.session, &mut Unprinted)?;
        Ok(self.session.into_part(Vec::new()))
    }
}

/// An output that nobody reads.
struct Unprinted;

impl Output for Unprinted {
    fn response(&mut self, _: &ValidatedResponse) -> io::Result<()> {
        Ok(())
    }

    fn unreadable(&mut self, _: &Unreadable) -> io::Result<()> {
        Ok(())
    }

    fn end(&mut self, _: &Summary) -> io::Result<()> {
        Ok(())
    }
}
