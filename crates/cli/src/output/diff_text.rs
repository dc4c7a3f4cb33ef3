//! What changes between two documents, as text.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use seedance_diff::{Affected, Audience, Captures, Change, Diff, DiffNote, Semver};
use seedance_query::redact::terminal;

use super::units::count;

/// The changes by whom they break, what was not compared, and the version that they are worth.
pub(crate) fn print_diff(out: &mut impl Write, diff: &Diff, notes: &[DiffNote]) -> io::Result<()> {
    if diff.is_empty() {
        writeln!(out, "nothing changes for clients that read responses")?;
    }
    let everyone = [Audience::Readers, Audience::Senders];
    for (breaks, title) in [
        (
            &everyone[..],
            "\x1b[31mbreaks readers, senders and validators\x1b[0m",
        ),
        (&everyone[..1], "\x1b[31mbreaks readers\x1b[0m"),
        (
            &everyone[1..],
            "\x1b[31mbreaks senders and validators\x1b[0m",
        ),
        (&[], "\x1b[32mcompatible\x1b[0m"),
    ] {
        let changes = diff.changes().iter();
        let changes: Vec<&Change> = changes.filter(|change| change.breaks() == breaks).collect();
        if !changes.is_empty() {
            writeln!(out, "{title}: {}", count(changes.len(), "change"))?;
            table(out, &changes)?;
            writeln!(out)?;
        }
    }
    for note in notes {
        let place = note.location.as_ref().map(|place| format!("{place}: "));
        let place = place.unwrap_or_default();
        writeln!(out, "note: {}{}", terminal(&place), terminal(&note.message))?;
    }
    match diff.semver() {
        Semver::None => Ok(()),
        level => writeln!(out, "version: a {level} change"),
    }
}

/// A line for each change, and what it means below.
fn table(out: &mut impl Write, changes: &[&Change]) -> io::Result<()> {
    let pointer = |change: &Change| match change.pointer.as_str() {
        "" if change.shapes.is_empty() => "-".to_owned(),
        "" => "the body".to_owned(),
        pointer => terminal(pointer).into_owned(),
    };
    let concerns = |change: &Change| match change.concerns() {
        none if none.is_empty() => "-".to_owned(),
        some => some,
    };
    let width = |text: &dyn Fn(&Change) -> String| {
        let widths = changes.iter().map(|change| text(change).chars().count());
        widths.max().unwrap_or_default()
    };
    let kinds = width(&|change| change.kind.to_string());
    let (pointers, shapes) = (width(&pointer), width(&concerns));
    for change in changes {
        let place = change
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        writeln!(
            out,
            "  {:<kinds$}  {:<pointers$}  {:<shapes$}  {}",
            change.kind,
            pointer(change),
            concerns(change),
            terminal(&place),
        )?;
        let consequence = change.consequence();
        let operation = change
            .operation
            .as_ref()
            .map(|operation| format!("{operation}: "));
        let message = format!("{}{}", operation.unwrap_or_default(), change.message);
        writeln!(
            out,
            "  {:kinds$}  {}: {consequence}",
            "",
            terminal(&message)
        )?;
    }
    Ok(())
}

/// What the new contract makes of recorded responses.
pub(crate) fn print_captures(out: &mut impl Write, captures: &Captures<'_>) -> io::Result<()> {
    let (rejected, departures) = (captures.rejected(), captures.departures());
    let findings: usize = departures.iter().map(|one| one.findings.len()).sum();
    writeln!(
        out,
        "captures: {} validated, {} newly rejected by the contract, {} from the documentation",
        captures.validated(),
        rejected.len(),
        count(findings, "new departure")
    )?;
    for capture in rejected {
        writeln!(out, "  {}", terminal(&capture.source))?;
        for finding in &capture.findings {
            writeln!(out, "    {}", terminal(&finding.to_string()))?;
        }
    }
    for ((rule, pointer), number) in by_place(departures) {
        let pointer = terminal(pointer);
        writeln!(out, "  {rule}  {pointer}  in {}", count(number, "capture"))?;
    }
    Ok(())
}

/// How many captures depart in the same way at the same place.
fn by_place(departures: &[Affected]) -> BTreeMap<(&str, &str), usize> {
    let mut places = BTreeMap::new();
    for finding in departures.iter().flat_map(|capture| &capture.findings) {
        *places
            .entry((finding.rule.id(), finding.pointer.as_str()))
            .or_default() += 1;
    }
    places
}
