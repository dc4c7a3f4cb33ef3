//! `summary`: merges and prints parts of summaries.

use std::{
    fs,
    io::{self, BufWriter, Write},
    path::PathBuf,
};

use seedance_traffic::{
    Output, SummaryPart,
    output::{html::Html, json::Json},
};

use crate::{
    arguments::{
        MergeArguments, ShowArguments, SummaryAction, SummaryArguments, SummaryExtent,
        SummaryFormat,
    },
    exit_status::ExitStatus,
    output::{Text, USUAL_WIDTH, WholeFile, complain, stdout_width},
    session::{Gate, report_file},
};

pub(super) fn run(arguments: &SummaryArguments) -> io::Result<ExitStatus> {
    let done = match &arguments.action {
        SummaryAction::Merge(arguments) => merge(arguments)?,
        SummaryAction::Show(arguments) => show(arguments)?,
    };
    Ok(done.unwrap_or_else(|message| {
        complain(&message);
        ExitStatus::Usage
    }))
}

fn merge(arguments: &MergeArguments) -> io::Result<Result<ExitStatus, String>> {
    let merged = match read(&arguments.parts) {
        Ok(merged) => merged,
        Err(message) => return Ok(Err(message)),
    };
    let Some(path) = &arguments.output else {
        let mut out = BufWriter::new(io::stdout());
        write!(out, "{merged}")?;
        out.flush()?;
        return Ok(Ok(ExitStatus::Done));
    };
    let written = WholeFile::create(path).and_then(|file| file.write(&merged));
    Ok(written.map(|()| ExitStatus::Done))
}

fn show(arguments: &ShowArguments) -> io::Result<Result<ExitStatus, String>> {
    let part = match read(&arguments.parts) {
        Ok(part) => part,
        Err(message) => return Ok(Err(message)),
    };
    let summary = if arguments.timeline || arguments.format == SummaryFormat::Html {
        part.summary_with_task_timelines()
    } else {
        part.summary()
    };
    match &arguments.output {
        None => {
            let out = BufWriter::new(anstream::AutoStream::auto(io::stdout()));
            output(arguments, out).end(&summary)?;
        }
        Some(path) => match report_file(path, &arguments.parts) {
            Ok(file) => output(arguments, file).end(&summary)?,
            Err(message) => return Ok(Err(message)),
        },
    }
    Ok(Ok(Gate::on(arguments.fail_on).conclude(&summary)))
}

fn output<'a>(arguments: &ShowArguments, out: impl Write + 'a) -> Box<dyn Output + 'a> {
    match arguments.format {
        SummaryFormat::Text => {
            let width = if arguments.output.is_some() {
                USUAL_WIDTH
            } else {
                stdout_width()
            };
            let extent = if arguments.full {
                SummaryExtent::Full
            } else {
                SummaryExtent::Short
            };
            Box::new(Text::new(out, width, Some(extent)))
        }
        SummaryFormat::Json => Box::new(Json::new(out).with_summary(true)),
        SummaryFormat::Html => Box::new(Html::new(out)),
    }
}

/// Reads and merges parts.
fn read(paths: &[PathBuf]) -> Result<SummaryPart, String> {
    let mut merged: Option<SummaryPart> = None;
    for path in paths {
        let shown = path.display();
        let bytes = fs::read(path).map_err(|error| format!("cannot read {shown}: {error}"))?;
        let text = String::from_utf8(bytes).map_err(|_| {
            format!(
                "{shown}: this is not text; `validate --summary-out FILE` writes a summary part"
            )
        })?;
        let part: SummaryPart = text.parse().map_err(|error| format!("{shown}: {error}"))?;
        match &mut merged {
            None => merged = Some(part),
            Some(merged) => merged
                .merge(&part)
                .map_err(|error| format!("cannot merge {shown}: {error}"))?,
        }
    }
    merged.ok_or_else(|| "no parts".to_owned())
}
