//! `spec --diff`: what changes from one document to another.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    path::Path,
};

use seedance_diff::{Affected, Audience, Captures, Change, Diff, DiffNote, Semver, Spec, compare};
use seedance_query::redact::{self, terminal, terminal_json};
use seedance_traffic::exchanges;
use serde::Serialize;

use crate::{
    exit_status::ExitStatus,
    output::{complain, count, is_read},
};

/// Where this repository has its captures.
const CAPTURES: &str = "tests/captures";

/// The JSON output.
#[derive(Serialize)]
struct Outcome<'a> {
    old: &'a Path,
    new: &'a Path,
    breaking: bool,
    /// Which part of its version number the new document has to raise.
    semver: Semver,
    changes: &'a Diff,
    /// What was not compared.
    notes: &'a [DiffNote],
    captures: Option<&'a Captures<'a>>,
}

pub(super) fn run(
    old: &Path,
    new: &Path,
    captures: Option<&Path>,
    json: bool,
) -> io::Result<ExitStatus> {
    let (Some(old_spec), Some(new_spec)) = (read(old), read(new)) else {
        return Ok(ExitStatus::Usage);
    };
    let diff = compare(&old_spec, &new_spec);
    let directory = captures.or_else(|| {
        let usual = Path::new(CAPTURES);
        usual.is_dir().then_some(usual)
    });
    let mut unreadable = false;
    let unchecked = old_spec.unchecked().or_else(|| new_spec.unchecked());
    let captures = directory.filter(|_| unchecked.is_none()).map(|directory| {
        let mut captures = Captures::between(&old_spec, &new_spec);
        exchanges(directory, |found| match found {
            Ok(one) => captures.validate(&one.source.to_string(), one.status, one.body),
            Err(one) => {
                complain(&format!("cannot read {}: {}", one.source, one.message));
                unreadable = true;
            }
        });
        captures
    });
    let examples = [&old_spec, &new_spec].map(Spec::faulty_example);
    let notes: Vec<DiffNote> = diff
        .notes()
        .iter()
        .cloned()
        .chain(examples.into_iter().flatten())
        .collect();
    let mut text = Vec::new();
    if json {
        let outcome = Outcome {
            old,
            new,
            breaking: diff.is_breaking(),
            semver: diff.semver(),
            changes: &diff,
            notes: &notes,
            captures: captures.as_ref(),
        };
        let line = serde_json::to_string(&outcome)?;
        writeln!(text, "{}", terminal_json(&line))?;
    } else {
        print(&mut text, &diff, &notes)?;
        match (&captures, unchecked) {
            (Some(captures), _) => print_captures(&mut text, captures)?,
            (None, Some(reason)) => {
                writeln!(text, "no captures were validated: {}", terminal(&reason))?;
            }
            (None, None) => writeln!(
                text,
                "no captures were validated: {CAPTURES} does not exist; name a directory with --captures"
            )?,
        }
    }
    let mut out = anstream::AutoStream::auto(io::stdout().lock());
    // A document can quote a URL or a key in its examples and values.
    let written = out.write_all(&redact::bytes(&text, &[]));
    is_read(written.and_then(|()| out.flush()))?;
    let is_rejected = captures.is_some_and(|captures| !captures.rejected().is_empty());
    Ok(match diff.is_breaking() || is_rejected {
        _ if unreadable => ExitStatus::Usage,
        true => ExitStatus::Violated,
        false => ExitStatus::Done,
    })
}

/// Reads a document, or says why it cannot be used.
fn read(path: &Path) -> Option<Spec> {
    let name = path.display().to_string();
    let spec = fs::read_to_string(path)
        .map_err(|error| format!("cannot read {name}: {error}"))
        .and_then(|source| Spec::parse(&name, &source).map_err(|error| error.to_string()));
    spec.inspect_err(|message| complain(&redact::text(message)))
        .ok()
}

fn print(out: &mut impl Write, diff: &Diff, notes: &[DiffNote]) -> io::Result<()> {
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

fn print_captures(out: &mut impl Write, captures: &Captures<'_>) -> io::Result<()> {
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
