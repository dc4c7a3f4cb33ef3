//! Reports for a person.

use std::io::{self, Write};

use annotate_snippets::{AnnotationKind, Element, Level, Renderer, Snippet};
use seedance_query::{Finding, Place, Severity, Verdict, redact::terminal};
use seedance_traffic::{Output, SourceMap, Summary, Unreadable, ValidatedResponse};

use super::{
    stream::{complain, is_read},
    summary_text, timeline_table,
    units::count,
};

/// Prints the verdict on each response and its findings, underlined in an excerpt of the body.
///
/// A finding that recurs in an input is shown once.
pub(crate) struct Text<W> {
    out: W,
    /// Nothing more is printed once the pipe is closed.
    is_read: bool,
    /// How many findings repeat one that is shown.
    repeated: u64,
    pub shows_summary: bool,
}

impl<W: Write> Text<W> {
    pub fn new(out: W, shows_summary: bool) -> Self {
        Self {
            out,
            is_read: true,
            repeated: 0,
            shows_summary,
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
        let is_whole = validated.source.place == Place::Whole;
        let all = validated.report.findings().iter().enumerate();
        let shown: Vec<&Finding> = all
            .filter(|(index, _)| is_whole || validated.is_new(*index))
            .map(|(_, finding)| finding)
            .collect();
        self.repeated += (validated.report.findings().len() - shown.len()) as u64;
        if shown.is_empty() && !is_whole {
            return Ok(());
        }
        self.print(|out| response(out, validated, &shown))
    }

    fn unreadable(&mut self, unreadable: &Unreadable) -> io::Result<()> {
        complain(&format!(
            "cannot read {}: {}",
            unreadable.source, unreadable.message
        ));
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.print(Write::flush)
    }

    fn end(&mut self, summary: &Summary) -> io::Result<()> {
        let (repeated, shows_summary) = (self.repeated, self.shows_summary);
        self.print(|out| {
            timeline_table::print(out, summary)?;
            if shows_summary {
                summary_text::print(out, summary)?;
            }
            if let Some(recognised) = summary_text::recognised_line(summary) {
                writeln!(out, "{}", terminal(&recognised))?;
            }
            if repeated > 0 {
                writeln!(out, "{} repeated and not shown", count(repeated, "finding"))?;
            }
            let counts = summary_text::counts_line(summary);
            writeln!(out, "{}", terminal(&counts))?;
            out.flush()
        })
    }
}

fn response(
    out: &mut impl Write,
    validated: &ValidatedResponse,
    shown: &[&Finding],
) -> io::Result<()> {
    let shape = validated
        .report
        .shape()
        .map_or("no known shape", |shape| shape.name());
    let verdict = validated.report.verdict();
    let style = match verdict {
        Verdict::Conforms => "\x1b[32m",
        Verdict::Drifts => "\x1b[33m",
        Verdict::Violates => "\x1b[31m",
    };
    let source = validated.source.to_string();
    let source = terminal(&source).into_owned();
    writeln!(out, "{style}{verdict:<8}\x1b[0m  {source} ({shape})")?;
    if shown.is_empty() {
        return Ok(());
    }
    let excerpt = SourceMap::of(validated.body());
    let renderer = Renderer::styled();
    for finding in shown {
        let group = group(finding, validated, &source, excerpt.as_ref());
        writeln!(out, "{}\n", renderer.render(&[group]))?;
    }
    Ok(())
}

fn group<'a>(
    finding: &'a Finding,
    validated: &'a ValidatedResponse,
    source: &'a str,
    excerpt: Option<&'a SourceMap>,
) -> annotate_snippets::Group<'a> {
    let level = match finding.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let place = match finding.pointer.as_str() {
        "" => "the whole body",
        pointer => pointer,
    };
    let mut group = level
        .primary_title(terminal(&finding.message))
        .id(finding.rule.id())
        .element(snippet(finding, validated, source, excerpt));
    let place = match &finding.expected {
        Some(expected) => format!("at {place}, expected {expected}"),
        None => format!("at {place}"),
    };
    group = group.element(Level::NOTE.message(terminal(&place).into_owned()));
    if let Some(related) = &finding.related {
        let place = format!("see also {related} in the body");
        group = group.element(Level::NOTE.message(terminal(&place).into_owned()));
    }
    if let Some(spec) = &finding.spec {
        group = group.element(Level::NOTE.message(format!("see #{spec} in the spec")));
    }
    group
}

/// The lines around the finding, or the name of the input where there are none to show.
fn snippet<'a>(
    finding: &Finding,
    validated: &'a ValidatedResponse,
    source: &'a str,
    excerpt: Option<&'a SourceMap>,
) -> Element<'a> {
    let place = excerpt.and_then(|excerpt| Some((excerpt, excerpt.place(&finding.pointer)?)));
    let Some((excerpt, (range, is_there))) = place else {
        return annotate_snippets::Origin::path(source).into();
    };
    let label = if is_there { "" } else { "expected here" };
    let line = validated
        .body_line()
        .filter(|_| excerpt.has_original_lines());
    let name = match line {
        Some(_) => terminal(&validated.source.input).into_owned(),
        None if validated.body_line().is_none() => format!("{source} (the body)"),
        None => format!("{source} (reformatted)"),
    };
    let first = line.and_then(|line| usize::try_from(line).ok());
    let snippet = Snippet::source(excerpt.text())
        .path(name)
        .line_start(first.unwrap_or(1))
        .line_numbering(line.is_some())
        .annotation(AnnotationKind::Primary.span(range).label(label));
    snippet.into()
}
