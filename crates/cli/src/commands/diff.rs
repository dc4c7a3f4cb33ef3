//! `spec --diff` and `spec --since`: what changes from one document to another.

use std::{
    io::{self, Write},
    path::Path,
};

use seedance_diff::{Captures, Diff, DiffNote, Semver, Spec, compare};
use seedance_query::redact::{self, terminal, terminal_json};
use seedance_traffic::exchanges;
use serde::Serialize;

use crate::{
    arguments::SpecArguments,
    exit_status::ExitStatus,
    input::Document,
    output::{complain, is_read, print_captures, print_diff, say},
};

/// Where this repository has its captures.
const CAPTURES: &str = "tests/captures";

/// The JSON output.
#[derive(Serialize)]
struct Outcome<'a> {
    old: &'a str,
    new: &'a str,
    breaking: bool,
    /// Which part of its version number the new document has to raise.
    semver: Semver,
    changes: &'a Diff,
    /// What was not compared.
    notes: &'a [DiffNote],
    captures: Option<&'a Captures<'a>>,
}

/// Compares two files.
pub(super) fn run(old: &Path, new: &Path, arguments: &SpecArguments) -> io::Result<ExitStatus> {
    match (
        usable(Document::of_file(old)),
        usable(Document::of_file(new)),
    ) {
        (Some(old), Some(new)) => between(&old, &new, arguments),
        _ => Ok(ExitStatus::Usage),
    }
}

/// Compares files with what they were at a revision; the gravest outcome is that of all.
pub(super) fn since(revision: &str, arguments: &SpecArguments) -> io::Result<ExitStatus> {
    let mut gravest = ExitStatus::Done;
    for file in &arguments.files {
        let status = match (
            usable(Document::at_revision(revision, file)),
            usable(Document::of_file(file)),
        ) {
            (Some(Some(old)), Some(new)) => {
                if arguments.files.len() > 1 && !arguments.json {
                    say(&format!("{} since {revision}:", file.display()));
                }
                between(&old, &new, arguments)?
            }
            (Some(None), Some(new)) => {
                let name = &new.name;
                say(&format!(
                    "{name} does not exist in {revision}: nothing to compare"
                ));
                ExitStatus::Done
            }
            _ => ExitStatus::Usage,
        };
        gravest = gravest.max(status);
    }
    Ok(gravest)
}

fn between(old: &Document, new: &Document, arguments: &SpecArguments) -> io::Result<ExitStatus> {
    let (Some(old_spec), Some(new_spec)) = (parsed(old), parsed(new)) else {
        return Ok(ExitStatus::Usage);
    };
    let diff = compare(&old_spec, &new_spec);
    let directory = arguments.captures.as_deref().or_else(|| {
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
    if arguments.json {
        let outcome = Outcome {
            old: &old.name,
            new: &new.name,
            breaking: diff.is_breaking(),
            semver: diff.semver(),
            changes: &diff,
            notes: &notes,
            captures: captures.as_ref(),
        };
        let line = serde_json::to_string(&outcome)?;
        writeln!(text, "{}", terminal_json(&line))?;
    } else {
        print_diff(&mut text, &diff, &notes)?;
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

/// The document as a spec, or what is wrong with it.
fn parsed(document: &Document) -> Option<Spec> {
    let spec = Spec::parse(&document.name, &document.source);
    usable(spec.map_err(|error| error.to_string()))
}

/// What was read; says why where it was not.
fn usable<T>(read: Result<T, String>) -> Option<T> {
    read.inspect_err(|message| complain(&redact::text(message)))
        .ok()
}
