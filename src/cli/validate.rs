//! `validate`: captured responses in, findings out.

use std::io::{self, Write};

use seedance_query::{Report, Verdict};
use serde::Serialize;

use super::{BAD, Deny, Format, OK, UNUSABLE, ValidateArguments, complain, human, input};

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
    for found in arguments.paths.iter().flat_map(|path| input::files(path)) {
        let input = match found.and_then(|path| input::read(&path)) {
            Ok(input) => input,
            Err(message) => {
                complain(&message);
                unreadable = true;
                continue;
            }
        };
        summary.add(&input.report);
        match arguments.format {
            Format::Human => human::print(&mut out, &input)?,
            Format::Json => {
                let line = Line {
                    source: &input.name,
                    report: &input.report,
                };
                serde_json::to_writer(&mut out, &line)?;
                out.write_all(b"\n")?;
            }
        }
    }
    if let Format::Human = arguments.format {
        writeln!(out, "{summary}")?;
    }
    out.flush()?;
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
