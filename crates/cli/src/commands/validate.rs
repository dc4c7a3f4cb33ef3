//! `validate`: checks recorded responses.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
};

use seedance_traffic::{
    Baseline, Output, Recordings, Session, Summary,
    output::{github::GitHub, html::Html, json::Json, junit::JUnit, sarif::Sarif},
};

use crate::{
    arguments::{BaselineAction, FailOn, Format, ValidateArguments},
    exit_status::ExitStatus,
    input::Config,
    output::{Text, complain, count, counts_line, print},
};

pub(super) fn run(arguments: &ValidateArguments) -> io::Result<ExitStatus> {
    let config = match Config::read(arguments) {
        Ok(config) => config,
        Err(message) => return Ok(unusable(&message)),
    };
    let session = match session(arguments, &config) {
        Ok(session) => session,
        Err(message) => return Ok(unusable(&message)),
    };
    let fail_on = arguments
        .fail_on
        .or(config.fail_on)
        .unwrap_or(FailOn::Error);
    let recordings =
        Recordings::new(arguments.paths.iter().cloned()).with_places(arguments.places());
    let summary = match &arguments.output {
        None if arguments.quiet => {
            recordings.validate(session, &mut *output(arguments, fail_on, io::sink()))?
        }
        None => {
            let out = anstream::AutoStream::auto(io::stdout());
            recordings.validate(
                session,
                &mut *output(arguments, fail_on, BufWriter::new(out)),
            )?
        }
        Some(path) => {
            let file = match File::create(path) {
                Ok(file) => BufWriter::new(anstream::StripStream::new(file)),
                Err(error) => {
                    return Ok(unusable(&format!(
                        "cannot write {}: {error}",
                        path.display()
                    )));
                }
            };
            let summary = recordings.validate(session, &mut *output(arguments, fail_on, file))?;
            if !arguments.quiet {
                print(&counts_line(&summary))?;
            }
            summary
        }
    };
    for stale in &summary.stale {
        let value = stale.value.as_deref().map(|value| format!(" = {value}"));
        complain(&format!(
            "stale baseline entry: {}@{}{}",
            stale.rule,
            stale.pointer,
            value.unwrap_or_default()
        ));
    }
    if arguments.baseline == Some(BaselineAction::Write) {
        return Ok(write_baseline(arguments, &config, &summary));
    }
    let fail_on = arguments
        .fail_on
        .or(config.fail_on)
        .unwrap_or(FailOn::Error);
    Ok(code(&summary, fail_on))
}

fn unusable(message: &str) -> ExitStatus {
    complain(message);
    ExitStatus::Usage
}

fn session(arguments: &ValidateArguments, config: &Config) -> Result<Session, String> {
    let mut session = Session::new().ignoring(config.ignored(arguments)?);
    if arguments.timeline || matches!(arguments.format, Format::Html) {
        session = session.with_task_timelines();
    }
    let is_checked = match arguments.baseline {
        Some(action) => action == BaselineAction::Check,
        None => config.baseline.is_some() || arguments.baseline_file.is_some(),
    };
    if is_checked {
        let path = config.baseline_file(arguments);
        let shown = path.display();
        let text = fs::read_to_string(&path).map_err(|error| {
            format!("cannot read the baseline {shown}: {error}; create one with `--baseline write`")
        })?;
        let baseline: Baseline = text.parse().map_err(|error| format!("{shown}: {error}"))?;
        session = session.with_baseline(&baseline);
    }
    Ok(session)
}

fn output<'a>(
    arguments: &ValidateArguments,
    fail_on: FailOn,
    out: impl Write + Send + 'a,
) -> Box<dyn Output + Send + 'a> {
    match arguments.format {
        Format::Text => Box::new(Text::new(out, arguments.summary)),
        Format::Json => Box::new(Json::new(out).with_summary(arguments.summary)),
        Format::Junit => Box::new(JUnit::new(out, fail_on.severity())),
        Format::Sarif => Box::new(Sarif::new(out)),
        Format::Github => Box::new(GitHub::new(out)),
        Format::Html => Box::new(Html::new(out)),
    }
}

fn write_baseline(arguments: &ValidateArguments, config: &Config, summary: &Summary) -> ExitStatus {
    let path = config.baseline_file(arguments);
    if summary.more_drifts > 0 {
        return unusable("too many distinct findings for a baseline");
    }
    let baseline = Baseline::of(summary);
    if let Err(error) = fs::write(&path, baseline.to_string()) {
        return unusable(&format!("cannot write {}: {error}", path.display()));
    }
    let findings = count(baseline.len(), "distinct finding");
    complain(&format!("{} has {findings}", path.display()));
    if summary.unreadable_count > 0 {
        ExitStatus::Usage
    } else {
        ExitStatus::Done
    }
}

fn code(summary: &Summary, fail_on: FailOn) -> ExitStatus {
    let found = summary.rules.iter().map(|rule| rule.severity).max();
    let is_bad = fail_on
        .severity()
        .is_some_and(|least| found.is_some_and(|worst| worst >= least));
    match (summary.unreadable_count, is_bad) {
        (1.., _) => ExitStatus::Usage,
        (0, true) => ExitStatus::Violated,
        (0, false) => ExitStatus::Done,
    }
}
