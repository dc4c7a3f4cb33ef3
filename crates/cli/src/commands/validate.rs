//! `validate`: checks recorded responses.

use std::{
    io::{self, BufWriter, Write},
    path::Path,
    process, thread,
};

use seedance_query::Severity;
use seedance_traffic::{
    Output, Recordings, Session, Stop, Summary,
    output::{github::GitHub, html::Html, json::Json, junit::JUnit, sarif::Sarif},
};

use crate::{
    arguments::{Format, ReportArguments, ValidateArguments},
    exit_status::ExitStatus,
    output::{Text, USUAL_WIDTH, WhileRead, WholeFile, complain, counts_line, print, stdout_width},
    session::{Gate, refuse_input, report_file, stopped},
};

pub(super) fn run(arguments: &ValidateArguments) -> io::Result<ExitStatus> {
    let gate = match Gate::new(&arguments.gate) {
        Ok(gate) => gate,
        Err(message) => return Ok(unusable(&message)),
    };
    let session = session(arguments, &gate);
    let fail_on = gate.fail_on();
    let mut recordings =
        Recordings::new(arguments.paths.iter().cloned()).with_places(arguments.places());
    if arguments.follow {
        match arguments.paths.as_slice() {
            [path] if !path.is_dir() => recordings = recordings.followed(),
            _ => return Ok(unusable("--follow takes one file")),
        }
    }
    if arguments.follow || arguments.paths.iter().any(|path| path == Path::new("-")) {
        stop_on_signal(recordings.stop())?;
    }
    let part = arguments.summary_out.as_deref().map(|path| {
        refuse_input(path, &arguments.paths)?;
        WholeFile::create(path)
    });
    let part = match part.transpose() {
        Ok(part) => part,
        Err(message) => return Ok(unusable(&message)),
    };
    let validate = |output: &mut (dyn Output + Send)| -> io::Result<(Summary, Result<(), String>)> {
        let Some(file) = part else {
            return Ok((recordings.validate(session, output)?, Ok(())));
        };
        let (summary, part) = recordings.validate_to_part(session, output)?;
        Ok((summary, file.write(&part)))
    };
    let (summary, written) = match &arguments.report.output {
        None if arguments.report.quiet => {
            validate(&mut *output(&arguments.report, fail_on, io::sink()))?
        }
        None => {
            let out = WhileRead::new(anstream::AutoStream::auto(io::stdout()));
            validate(&mut *output(
                &arguments.report,
                fail_on,
                BufWriter::new(out),
            ))?
        }
        Some(path) => {
            let file = match report_file(path, &arguments.paths) {
                Ok(file) => file,
                Err(message) => return Ok(unusable(&message)),
            };
            let (summary, written) = validate(&mut *output(&arguments.report, fail_on, file))?;
            if !arguments.report.quiet {
                print(&counts_line(&summary))?;
            }
            (summary, written)
        }
    };
    if let Err(message) = written {
        return Ok(unusable(&message));
    }
    Ok(gate.conclude(&summary))
}

/// Ends the input on the first Ctrl-C, so that the report is completed, and the program on the second.
fn stop_on_signal(stop: Stop) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let first = {
        let _entered = runtime.enter();
        stopped()?
    };
    thread::spawn(move || {
        runtime.block_on(async {
            first.await;
            stop.stop();
            if let Ok(second) = stopped() {
                second.await;
                process::exit(ExitStatus::Unfinished.code().into());
            }
        });
    });
    Ok(())
}

fn unusable(message: &str) -> ExitStatus {
    complain(message);
    ExitStatus::Usage
}

fn session(arguments: &ValidateArguments, gate: &Gate) -> Session {
    let session = gate.session();
    if arguments.timeline || arguments.report.format() == Format::Html {
        session.with_task_timelines()
    } else {
        session
    }
}

/// The report in the format that is asked for.
pub(super) fn output<'a>(
    arguments: &ReportArguments,
    fail_on: Option<Severity>,
    out: impl Write + Send + 'a,
) -> Box<dyn Output + Send + 'a> {
    match arguments.format() {
        Format::Text => {
            let width = if arguments.output.is_some() {
                USUAL_WIDTH
            } else {
                stdout_width()
            };
            Box::new(Text::new(out, width, arguments.summary))
        }
        Format::Json => Box::new(Json::new(out).with_summary(arguments.summary.is_some())),
        Format::Junit => Box::new(JUnit::new(out, fail_on)),
        Format::Sarif => Box::new(Sarif::new(out)),
        Format::Github => Box::new(GitHub::new(out)),
        Format::Html => Box::new(Html::new(out)),
    }
}
