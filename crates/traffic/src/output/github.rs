//! Annotations for GitHub Actions.

use std::{
    collections::HashSet,
    io::{self, Write},
    sync::Arc,
};

use super::{
    Output,
    spot::{Spot, Spots},
};
use crate::{Checked, Severities, Summary, Unreadable, key::Key};
use seedance_query::{
    model::Source,
    validate::{Finding, Severity},
};

/// So many annotations are written; GitHub itself shows far fewer.
const MOST: usize = 10_000;

/// Writes workflow commands, which GitHub Actions shows as annotations of the files.
///
/// What is found several times in an input is annotated once, where it comes up first. GitHub shows
/// ten annotations of each level; the last line says how many there are.
///
/// # Examples
///
/// ```
/// use seedance_query::Source;
/// use seedance_traffic::{Output, Session, output::github::GitHub};
///
/// let (mut session, mut commands) = (Session::new(), Vec::new());
/// let mut output = GitHub::new(&mut commands);
/// output.response(&session.check(Source::whole("a.json"), None, None, b"{}"))?;
/// output.end(&session.summary())?;
///
/// let commands = String::from_utf8_lossy(&commands);
/// assert!(commands.starts_with("::error file=a.json,line=1,col=1,title=no-envelope::"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct GitHub<W> {
    out: W,
    /// What was found in which input.
    seen: HashSet<(Arc<str>, Key)>,
    written: Severities,
    /// How many more are not written.
    more: u64,
}

impl<W: Write> GitHub<W> {
    /// Writes to `out`, which has to be the standard output of the step in the end.
    pub fn new(out: W) -> Self {
        Self {
            out,
            seen: HashSet::new(),
            written: Severities::default(),
            more: 0,
        }
    }

    fn finding(&mut self, source: &Source, finding: &Finding, spot: Spot) -> io::Result<()> {
        let key = (source.input.clone(), Key::of(finding));
        if self.seen.contains(&key) {
            return Ok(());
        }
        if self.seen.len() == MOST {
            self.more += 1;
            return Ok(());
        }
        self.seen.insert(key);
        let place = match finding.pointer.as_str() {
            "" => "the body",
            pointer => pointer,
        };
        let mut text = format!("{place}: {}", finding.message);
        if let Some(expected) = &finding.expected {
            text.push_str(&format!("\nexpected {expected}"));
        }
        if let Some(earlier) = &finding.earlier {
            text.push_str(&format!("\nearlier: {earlier}"));
        }
        let file = &source.input;
        self.command(finding.severity(), file, spot, finding.rule.id(), &text)
    }

    fn command(
        &mut self,
        severity: Severity,
        file: &str,
        spot: Spot,
        title: &str,
        text: &str,
    ) -> io::Result<()> {
        let (level, written) = match severity {
            Severity::Error => ("error", &mut self.written.errors),
            Severity::Warning => ("warning", &mut self.written.warnings),
            Severity::Info => ("notice", &mut self.written.infos),
        };
        *written += 1;
        write!(self.out, "::{level} file={}", property(file))?;
        write!(self.out, ",line={}", spot.line)?;
        if let Some(column) = spot.column {
            write!(self.out, ",col={column}")?;
        }
        writeln!(self.out, ",title={}::{}", property(title), data(text))
    }
}

impl<W: Write> Output for GitHub<W> {
    fn response(&mut self, checked: &Checked) -> io::Result<()> {
        let spots = Spots::of(checked);
        for finding in checked.report.findings() {
            let spot = spots.find(&finding.pointer);
            self.finding(&checked.source, finding, spot)?;
        }
        Ok(())
    }

    fn unreadable(&mut self, unreadable: &Unreadable) -> io::Result<()> {
        let source = &unreadable.source;
        let spot = Spot {
            line: source.line,
            column: None,
        };
        let message = &unreadable.message;
        self.command(Severity::Error, &source.input, spot, "unreadable", message)
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
        // Without colons at its beginning it is a line of the log.
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
    use crate::{Output, Session, Summary, Unreadable};
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
            let checked = session.check(source, None, None, b"{}");
            output.response(&checked).unwrap();
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
