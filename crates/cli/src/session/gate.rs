//! Which findings count, and the exit status that they lead to.

use std::{
    fs,
    path::{Path, PathBuf},
};

use seedance_query::Severity;
use seedance_traffic::{Baseline, Ignore, Session, Summary};

use crate::{
    arguments::{BaselineAction, FailOn, GateArguments},
    exit_status::ExitStatus,
    input::Config,
    output::{complain, count},
};

/// The gate that the arguments and the configuration of the project describe.
pub(crate) struct Gate {
    /// What the arguments or the configuration say, if they do.
    fail_on: Option<FailOn>,
    ignored: Vec<Ignore>,
    /// Findings that are known.
    baseline: Option<Baseline>,
    baseline_file: PathBuf,
    is_written: bool,
}

impl Gate {
    /// Reads the configuration and the baseline.
    ///
    /// # Errors
    ///
    /// Why one of them cannot be used.
    pub fn new(arguments: &GateArguments) -> Result<Self, String> {
        let config = Config::read(arguments)?;
        let baseline_file = config.baseline_file(arguments);
        let is_checked = match arguments.baseline {
            Some(action) => action == BaselineAction::Check,
            None => config.baseline.is_some() || arguments.baseline_file.is_some(),
        };
        Ok(Self {
            fail_on: arguments.fail_on.or(config.fail_on),
            ignored: config.ignored(arguments)?,
            baseline: is_checked.then(|| read(&baseline_file)).transpose()?,
            baseline_file,
            is_written: arguments.baseline == Some(BaselineAction::Write),
        })
    }

    /// A gate that only severities decide on.
    pub fn on(fail_on: FailOn) -> Self {
        Self {
            fail_on: Some(fail_on),
            ignored: Vec::new(),
            baseline: None,
            baseline_file: PathBuf::new(),
            is_written: false,
        }
    }

    /// A session that reports only the findings that count.
    pub fn session(&self) -> Session {
        let session = Session::new().ignoring(self.ignored.iter().cloned());
        match &self.baseline {
            Some(baseline) => session.with_baseline(baseline),
            None => session,
        }
    }

    /// The least severity that fails.
    pub fn fail_on(&self) -> Option<Severity> {
        self.fail_on.unwrap_or(FailOn::Error).severity()
    }

    /// Writes the baseline if that is asked for, says what is stale in it, and judges the findings.
    pub fn conclude(&self, summary: &Summary) -> ExitStatus {
        for stale in &summary.stale {
            let value = stale.value.as_deref().map(|value| format!(" = {value}"));
            complain(&format!(
                "stale baseline entry: {}@{}{}",
                stale.rule,
                stale.pointer,
                value.unwrap_or_default()
            ));
        }
        if self.is_written {
            return self.write(summary);
        }
        let worst = summary.rules.iter().map(|rule| rule.severity).max();
        let is_bad = self.fail_on().is_some_and(|least| worst >= Some(least));
        match (summary.unreadable_count, is_bad) {
            (1.., _) => ExitStatus::Usage,
            (0, true) => ExitStatus::Violated,
            (0, false) => ExitStatus::Done,
        }
    }

    fn write(&self, summary: &Summary) -> ExitStatus {
        if summary.more_drifts > 0 {
            complain("too many distinct findings for a baseline");
            return ExitStatus::Usage;
        }
        let baseline = Baseline::of(summary);
        let shown = self.baseline_file.display();
        if let Err(error) = fs::write(&self.baseline_file, baseline.to_string()) {
            complain(&format!("cannot write {shown}: {error}"));
            return ExitStatus::Usage;
        }
        let findings = count(baseline.len(), "distinct finding");
        complain(&format!("{shown} has {findings}"));
        if summary.unreadable_count > 0 {
            ExitStatus::Usage
        } else {
            ExitStatus::Done
        }
    }
}

fn read(path: &Path) -> Result<Baseline, String> {
    let shown = path.display();
    let text = fs::read_to_string(path).map_err(|error| {
        format!("cannot read the baseline {shown}: {error}; create one with `--baseline write`")
    })?;
    text.parse().map_err(|error| format!("{shown}: {error}"))
}
