//! What is shown while tasks are waited for and videos are on their way.

use std::{
    collections::HashSet,
    io::{self, IsTerminal},
};

use seedance_fetch::FetchEvent;
use seedance_query::{Finding, TaskId};

use super::{bars::Bars, event_text::event_text};
use crate::output::{BatchFacts, print, say};

/// Shows events, and keeps what the table at the end needs of them.
pub(crate) struct Progress {
    mode: Mode,
    facts: BatchFacts,
    /// Findings that were shown: they come again with each answer.
    shown: HashSet<(TaskId, String)>,
}

enum Mode {
    /// One object a line on standard output.
    Json,
    /// Lines on standard error, one for each change.
    Lines,
    /// Bars on a terminal.
    Bars(Bars),
}

impl Progress {
    pub fn new(json: bool) -> Self {
        let mode = if json {
            Mode::Json
        } else if io::stderr().is_terminal() {
            Mode::Bars(Bars::default())
        } else {
            Mode::Lines
        };
        Self {
            mode,
            facts: BatchFacts::default(),
            shown: HashSet::new(),
        }
    }

    /// What the events told.
    pub fn facts(&self) -> &BatchFacts {
        &self.facts
    }

    /// Takes the bars off the screen.
    pub fn clear(&self) {
        if let Mode::Bars(bars) = &self.mode {
            bars.clear();
        }
    }

    pub fn show(&mut self, event: &FetchEvent) -> io::Result<()> {
        let has_changed = self.facts.take_in(event);
        if let Mode::Json = self.mode {
            return print(&serde_json::to_string(event)?);
        }
        let mut lines: Vec<String> = event_text(event)
            .filter(|_| has_changed)
            .into_iter()
            .collect();
        if let FetchEvent::Observed {
            task_id, findings, ..
        }
        | FetchEvent::Ended {
            task_id, findings, ..
        } = event
        {
            lines.extend(self.new_findings(task_id, findings));
        }
        match &mut self.mode {
            Mode::Bars(bars) => bars.show(event, &lines),
            _ => lines.iter().for_each(|line| say(line)),
        }
        Ok(())
    }

    fn new_findings(&mut self, id: &TaskId, findings: &[Finding]) -> Vec<String> {
        let mut lines = Vec::new();
        for finding in findings {
            let key = (id.clone(), format!("{} {}", finding.rule, finding.pointer));
            if self.shown.insert(key) {
                lines.push(format!("  {finding}"));
            }
        }
        lines
    }
}
