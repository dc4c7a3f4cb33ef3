//! Reports for a person.

use std::{
    fmt,
    io::{self, Write},
};

use annotate_snippets::{AnnotationKind, Element, Level, Renderer, Snippet};
use seedance_query::{Finding, Report, Severity, Verdict, check::Excerpt};

use super::input::Input;

/// Prints the verdict on an input and, underlined in an excerpt of its body, what was found.
pub(super) fn print(out: &mut impl Write, input: &Input) -> io::Result<()> {
    let shape = input
        .report
        .shape()
        .map_or("no known shape", |shape| shape.name());
    let verdict = input.report.verdict();
    let style = match verdict {
        Verdict::Conforms => "\x1b[32m",
        Verdict::Drifts => "\x1b[33m",
        Verdict::Violates => "\x1b[31m",
    };
    writeln!(out, "{style}{verdict:<8}\x1b[0m  {} ({shape})", input.name)?;
    if input.report.findings().is_empty() {
        return Ok(());
    }
    let excerpt = Excerpt::of(&input.body);
    let renderer = Renderer::styled();
    for finding in input.report.findings() {
        writeln!(
            out,
            "{}\n",
            renderer.render(&[group(finding, input, excerpt.as_ref())])
        )?;
    }
    Ok(())
}

fn group<'a>(
    finding: &'a Finding,
    input: &'a Input,
    excerpt: Option<&'a Excerpt>,
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
        .primary_title(finding.message.as_str())
        .id(finding.rule.id())
        .element(snippet(finding, input, excerpt));
    group = group.element(Level::NOTE.message(match &finding.expected {
        Some(expected) => format!("at {place}, expected {expected}"),
        None => format!("at {place}"),
    }));
    if let Some(spec) = &finding.spec {
        group = group.element(Level::NOTE.message(format!("see #{spec} in the spec")));
    }
    group
}

/// The lines around the place, or the name of the input alone where there is none to show.
fn snippet<'a>(finding: &Finding, input: &'a Input, excerpt: Option<&'a Excerpt>) -> Element<'a> {
    let place = excerpt.and_then(|excerpt| Some((excerpt, excerpt.place(&finding.pointer)?)));
    let Some((excerpt, (range, is_there))) = place else {
        return annotate_snippets::Origin::path(input.name.as_str()).into();
    };
    let label = if is_there { "" } else { "belongs in here" };
    let name = if excerpt.has_original_lines() {
        input.name.clone()
    } else {
        format!("{} (laid out anew)", input.name)
    };
    let snippet = Snippet::source(excerpt.text())
        .path(name)
        .line_start(1 + input.lines_before)
        .line_numbering(excerpt.has_original_lines())
        .annotation(AnnotationKind::Primary.span(range).label(label));
    snippet.into()
}

/// Counts over all inputs.
#[derive(Default)]
pub(super) struct Summary {
    conforms: usize,
    drifts: usize,
    violates: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    /// The worst verdict so far.
    pub worst: Option<Verdict>,
}

impl Summary {
    pub(super) fn add(&mut self, report: &Report) {
        let verdict = report.verdict();
        match verdict {
            Verdict::Conforms => self.conforms += 1,
            Verdict::Drifts => self.drifts += 1,
            Verdict::Violates => self.violates += 1,
        }
        self.worst = self.worst.max(Some(verdict));
        for finding in report.findings() {
            match finding.severity() {
                Severity::Error => self.errors += 1,
                Severity::Warning => self.warnings += 1,
                Severity::Info => self.infos += 1,
            }
        }
    }
}

/// A number with its noun, in the plural where it has to be.
pub(super) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let responses = self.conforms + self.drifts + self.violates;
        write!(
            f,
            "{}: {} conform, {} drift, {} violate ({}, {}, {})",
            count(responses, "response"),
            self.conforms,
            self.drifts,
            self.violates,
            count(self.errors, "error"),
            count(self.warnings, "warning"),
            count(self.infos, "info"),
        )
    }
}
