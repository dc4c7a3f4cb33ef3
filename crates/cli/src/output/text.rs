//! Reports for a person.

use std::io::{self, Write};

use seedance_query::{Place, redact::terminal};
use seedance_traffic::{Output, Summary, Unreadable, ValidatedResponse};

use super::{
    finding_text::{FindingText, heading},
    held_findings::HeldFindings,
    response_text::ResponseText,
    stream::{complain, is_read},
    summary_text::{self, SummaryText},
    timeline_table,
    units::grouped,
};
use crate::arguments::SummaryExtent;

/// Prints the verdict on each response and its findings, underlined in an excerpt of the body.
///
/// A finding that recurs in an input is shown once, and so is one that all responses have.
pub(crate) struct Text<W> {
    out: W,
    /// Nothing more is printed once the pipe is closed.
    is_read: bool,
    held: HeldFindings,
    /// The width of tables.
    width: u16,
    /// How much of a summary is printed, if one is.
    summary: Option<SummaryExtent>,
}

impl<W: Write> Text<W> {
    pub fn new(out: W, width: u16, summary: Option<SummaryExtent>) -> Self {
        Self {
            out,
            is_read: true,
            held: HeldFindings::default(),
            width,
            summary,
        }
    }

    fn print(&mut self, write: impl FnOnce(&mut W) -> io::Result<()>) -> io::Result<()> {
        if self.is_read {
            self.is_read = is_read(write(&mut self.out))?;
        }
        Ok(())
    }
}

impl<W: Write> Output for Text<W> {
    fn wants_whole(&self) -> bool {
        true
    }

    fn response(&mut self, validated: &ValidatedResponse) -> io::Result<()> {
        if !self.is_read {
            return Ok(());
        }
        let is_whole = validated.source.place == Place::Whole;
        self.held.saw(validated);
        let mut block = ResponseText::new(validated.form, heading(validated), is_whole);
        let mut rendered = None;
        for (index, finding) in validated.report.findings().iter().enumerate() {
            let is_common = validated.is_common(index);
            if !is_whole && !validated.is_new(index) {
                self.held.repeat(validated.form, finding, is_common);
            } else if !self.held.withhold(validated.form, finding, is_common) {
                let text = rendered.get_or_insert_with(|| FindingText::of(validated));
                block.add(finding, text.render(finding), is_common);
            }
        }
        let ready = self.held.push(block);
        self.print(|out| out.write_all(ready.as_bytes()))
    }

    fn across(&mut self, validated: &ValidatedResponse) -> io::Result<()> {
        let mut block = ResponseText::new(validated.form, heading(validated), true);
        let text = FindingText::of(validated);
        for finding in validated.report.findings() {
            block.add(finding, text.render(finding), false);
        }
        let ready = self.held.push(block);
        self.print(|out| out.write_all(ready.as_bytes()))
    }

    fn unreadable(&mut self, unreadable: &Unreadable) -> io::Result<()> {
        complain(&format!(
            "cannot read {}: {}",
            unreadable.source, unreadable.message
        ));
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        let ready = self.held.release();
        self.print(|out| {
            out.write_all(ready.as_bytes())?;
            out.flush()
        })
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        let (rest, repeated) = self.held.end(summary);
        let (width, extent) = (self.width, self.summary);
        self.print(|out| {
            out.write_all(rest.as_bytes())?;
            timeline_table::print(out, summary, width)?;
            if let Some(extent) = extent {
                SummaryText { extent, width }.print(out, summary)?;
            }
            if let Some(recognised) = summary_text::recognised_line(summary) {
                writeln!(out, "{}", terminal(&recognised))?;
            }
            if repeated > 0 {
                let repeated = grouped(repeated, "finding");
                writeln!(out, "{repeated} repeated and not shown")?;
            }
            let counts = summary_text::counts_line(summary);
            writeln!(out, "{}", terminal(&counts))?;
            out.flush()
        })
    }
}
