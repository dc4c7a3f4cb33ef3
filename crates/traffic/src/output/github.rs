//! Annotations for GitHub Actions.

use std::{
    collections::HashSet,
    io::{self, Write},
    sync::Arc,
};

use super::line_column::{LineColumn, Locator};
use crate::report::{Fingerprint, Output, Severities, Summary, Unreadable, ValidatedResponse};
use seedance_query::{
    model::Source,
    redact::terminal,
    validate::{Finding, Severity},
};

/// Maximum number of annotations; GitHub shows far fewer.
const MAX_ANNOTATIONS: usize = 10_000;

/// Writes workflow commands, which GitHub Actions shows as annotations of the files.
///
/// A finding that occurs several times in an input is annotated once, where it occurs first. GitHub
/// shows ten annotations per level; the last line has the totals.
///
/// # Examples
///
/// ```
/// use seedance_query::Source;
/// use seedance_traffic::{Output, Session, output::github::GitHub};
///
/// let (mut session, mut commands) = (Session::new(), Vec::new());
/// let mut output = GitHub::new(&mut commands);
/// output.response(&session.validate(Source::whole("a.json"), None, None, b"{}"))?;
/// output.end(&session.summary())?;
///
/// let commands = String::from_utf8_lossy(&commands);
/// assert!(commands.starts_with("::error file=a.json,line=1,col=1,title=no-envelope::"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct GitHub<W> {
    out: W,
    /// The findings written, by input.
    seen: HashSet<(Arc<str>, Fingerprint)>,
    written: Severities,
    /// The number of findings not written.
    more: u64,
}

impl<W: Write> GitHub<W> {
    /// Writes to `out`, which must become the standard output of the step.
    pub fn new(out: W) -> Self {
        Self {
            out,
            seen: HashSet::new(),
            written: Severities::default(),
            more: 0,
        }
    }

    fn finding(
        &mut self,
        source: &Source,
        finding: &Finding,
        line_column: LineColumn,
    ) -> io::Result<()> {
        let fingerprint = (source.input.clone(), Fingerprint::of(finding));
        if self.seen.contains(&fingerprint) {
            return Ok(());
        }
        if self.seen.len() == MAX_ANNOTATIONS {
            self.more += 1;
            return Ok(());
        }
        self.seen.insert(fingerprint);
        let place = match finding.pointer.as_str() {
            "" => "the body",
            pointer => pointer,
        };
        let mut text = format!("{place}: {}", finding.message);
        if let Some(expected) = &finding.expected {
            text.push_str(&format!("\nexpected {expected}"));
        }
        if let Some(related) = &finding.related {
            text.push_str(&format!("\nsee also {related}"));
        }
        if let Some(earlier) = &finding.earlier {
            text.push_str(&format!("\nearlier: {earlier}"));
        }
        let file = &source.input;
        self.command(
            finding.severity(),
            file,
            line_column,
            finding.rule.id(),
            &text,
        )
    }

    fn command(
        &mut self,
        severity: Severity,
        file: &str,
        line_column: LineColumn,
        title: &str,
        text: &str,
    ) -> io::Result<()> {
        let (level, written) = match severity {
            Severity::Error => ("error", &mut self.written.errors),
            Severity::Warning => ("warning", &mut self.written.warnings),
            Severity::Info => ("notice", &mut self.written.infos),
        };
        *written += 1;
        let (file, text) = (terminal(file), terminal(text));
        write!(self.out, "::{level} file={}", property(&file))?;
        write!(self.out, ",line={}", line_column.line)?;
        if let Some(column) = line_column.column {
            write!(self.out, ",col={column}")?;
        }
        writeln!(self.out, ",title={}::{}", property(title), data(&text))
    }
}

impl<W: Write> Output for GitHub<W> {
    fn response(&mut self, response: &ValidatedResponse) -> io::Result<()> {
        let locator = Locator::of(response);
        for finding in response.report.findings() {
            let line_column = locator.find(&finding.pointer);
            self.finding(&response.source, finding, line_column)?;
        }
        Ok(())
    }

    fn unreadable(&mut self, unreadable: &Unreadable) -> io::Result<()> {
        let source = &unreadable.source;
        let line_column = LineColumn {
            line: source.line,
            column: None,
        };
        let message = &unreadable.message;
        self.command(
            Severity::Error,
            &source.input,
            line_column,
            "unreadable",
            message,
        )
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }

    fn end(&mut self, _: &Summary) -> io::Result<()> {
        let count = |count, noun| match count {
            1 => format!("1 {noun}"),
            count => format!("{count} {noun}s"),
        };
        let Severities {
            errors,
            warnings,
            infos,
        } = self.written;
        // Without leading colons it is a line of the log.
        write!(
            self.out,
            "{}, {}, {}",
            count(errors, "error"),
            count(warnings, "warning"),
            count(infos, "notice")
        )?;
        if self.more > 0 {
            write!(self.out, ", {} more not written", self.more)?;
        }
        writeln!(
            self.out,
            "; GitHub shows ten of each as annotations, all are in this log"
        )?;
        self.out.flush()
    }
}

/// A text as the data of a workflow command.
fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// A text as a property of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{GitHub, data, property};
    use crate::{
        report::{Output, Summary, Unreadable},
        validation::Session,
    };
    use seedance_query::model::Source;

    #[test]
    fn no_text_ends_its_command() {
        let text = "100%: a,b\r\n::error::c";
        assert_eq!(data(text), "100%25: a,b%0D%0A::error::c");
        assert_eq!(property(text), "100%25%3A a%2Cb%0D%0A%3A%3Aerror%3A%3Ac");
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        let mut out = Vec::new();
        let mut output = GitHub::new(&mut out);
        let unreadable = Unreadable {
            source: Source::whole("dir,1/a.har"),
            message: "no JSON\nat all".to_owned(),
        };
        output.unreadable(&unreadable).unwrap();
        output.end(&Summary::default()).unwrap();
        let text = String::from_utf8(out).unwrap();
        let command = "::error file=dir%2C1/a.har,line=1,title=unreadable::no JSON%0Aat all\n";
        assert!(text.starts_with(command), "{text}");
        assert!(text.contains("\n1 error, 0 warnings, 0 notices;"), "{text}");
    }

    #[test]
    fn the_same_in_an_input_is_annotated_once() {
        let (mut session, mut out) = (Session::new(), Vec::new());
        let mut output = GitHub::new(&mut out);
        for (input, line) in [("a", 1), ("a", 2), ("b", 1)] {
            let source = Source::at(input, seedance_query::model::Place::Line(line), line);
            let validated = session.validate(source, None, None, b"{}");
            output.response(&validated).unwrap();
        }
        output.end(&session.summary()).unwrap();
        let text = String::from_utf8(out).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 3, "{text}");
        assert!(lines[0].starts_with("::error file=a,line=1,col=1,title=no-envelope::"));
        assert!(lines[1].starts_with("::error file=b,line=1,col=1,title=no-envelope::"));
        assert!(lines[2].starts_with("2 errors, 0 warnings, 0 notices;"));
    }
}
