//! A response and its findings, underlined in an excerpt of the body.

use annotate_snippets::{AnnotationKind, Element, Level, Renderer, Snippet};
use seedance_query::{Finding, Severity, Verdict, redact::terminal};
use seedance_traffic::{SourceMap, ValidatedResponse};

/// The verdict on a response, and where it stands.
pub(super) fn heading(validated: &ValidatedResponse) -> String {
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
    let source = source(validated);
    format!("{style}{verdict:<8}\x1b[0m  {source} ({shape})\n")
}

fn source(validated: &ValidatedResponse) -> String {
    terminal(&validated.source.to_string()).into_owned()
}

/// Renders the findings of a response.
pub(super) struct FindingText<'a> {
    validated: &'a ValidatedResponse,
    source: String,
    excerpt: Option<SourceMap>,
    renderer: Renderer,
}

impl<'a> FindingText<'a> {
    pub fn of(validated: &'a ValidatedResponse) -> Self {
        Self {
            validated,
            source: source(validated),
            excerpt: SourceMap::of(validated.body()),
            renderer: Renderer::styled(),
        }
    }

    /// A finding, with an empty line after it.
    pub fn render(&self, finding: &Finding) -> String {
        let excerpt = self.excerpt.as_ref();
        let group = group(finding, self.validated, &self.source, excerpt);
        format!("{}\n\n", self.renderer.render(&[group]))
    }
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
