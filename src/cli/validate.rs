//! `validate`: captured responses in, findings out.

use std::io::{self, Write};

use seedance_query::{Report, Verdict};
use serde::Serialize;

use super::{
    BAD, OK, UNUSABLE,
    arguments::{Deny, Format, ValidateArguments},
    complain, heard, human, input,
};

/// A line of the JSON output.
#[derive(Serialize)]
struct Line<'a> {
    source: &'a str,
    #[serde(flatten)]
    report: &'a Report,
}

pub(super) fn run(arguments: &ValidateArguments) -> io::Result<u8> {
    let mut out = anstream::AutoStream::auto(io::stdout().lock());
    let mut summary = human::Summary::default();
    let mut unreadable = false;
    let mut stdin_is_read = false;
    // Whoever has closed the pipe gets no more, but still the right exit status.
    let mut is_heard = true;
    for found in arguments.paths.iter().flat_map(|path| input::files(path)) {
        let input = match found.and_then(|path| input::read(&path, &mut stdin_is_read)) {
            Ok(input) => input,
            Err(message) => {
                complain(&message);
                unreadable = true;
                continue;
            }
        };
        summary.add(&input.report);
        if is_heard {
            is_heard = heard(print(&mut out, arguments.format, &input))?;
        }
    }
    if is_heard && matches!(arguments.format, Format::Human) {
        heard(writeln!(out, "{summary}").and_then(|()| out.flush()))?;
    }
    let tolerated = match arguments.deny {
        Some(Deny::Warnings) => Verdict::Conforms,
        None => Verdict::Drifts,
    };
    Ok(match summary.worst {
        _ if unreadable => UNUSABLE,
        Some(worst) if worst > tolerated => BAD,
        _ => OK,
    })
}

fn print(out: &mut impl Write, format: Format, input: &input::Input) -> io::Result<()> {
    match format {
        Format::Human => human::print(out, input),
        Format::Json => {
            let line = Line {
                source: &input.name,
                report: &input.report,
            };
            serde_json::to_writer(&mut *out, &line)?;
            out.write_all(b"\n")
        }
    }
}
