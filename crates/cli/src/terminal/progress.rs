//! What is shown while tasks are waited for and videos are on their way.

use std::{
    collections::HashSet,
    io::{self, IsTerminal},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use seedance_fetch::{FetchEvent, ObservedTask};
use seedance_query::{Finding, TaskId};

use super::{bars::Bars, event_text::event_text, heartbeat::Heartbeat};
use crate::output::{BatchFacts, print, say};

/// Shows events, and keeps what the table at the end needs of them.
pub(crate) struct Progress {
    mode: Mode,
    facts: Arc<Mutex<BatchFacts>>,
    /// Findings that were shown: they come again with each answer.
    shown: HashSet<(TaskId, String)>,
}

enum Mode {
    /// One object a line on standard output.
    Json,
    /// Lines on standard error: one for each change, and now and then what is waited for.
    Lines(Heartbeat),
    /// Bars on a terminal.
    Bars(Bars),
}

impl Progress {
    /// Without a terminal, what is waited for is said once per `period` in which nothing else is.
    pub fn new(json: bool, period: Duration) -> Self {
        let facts = Arc::new(Mutex::new(BatchFacts::new()));
        let mode = if json {
            Mode::Json
        } else if io::stderr().is_terminal() {
            Mode::Bars(Bars::default())
        } else {
            Mode::Lines(Heartbeat::start(Arc::clone(&facts), period))
        };
        Self {
            mode,
            facts,
            shown: HashSet::new(),
        }
    }

    /// What the events told.
    pub fn facts(&self) -> MutexGuard<'_, BatchFacts> {
        self.facts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the bars off the screen, and lets nothing more be said.
    pub fn clear(&mut self) {
        match &mut self.mode {
            Mode::Bars(bars) => bars.clear(),
            Mode::Lines(heartbeat) => heartbeat.stop(),
            Mode::Json => {}
        }
    }

    pub fn show(&mut self, event: &FetchEvent) -> io::Result<()> {
        let is_change = self.facts().take_in(event);
        if let Mode::Json = self.mode {
            return print(&serde_json::to_string(event)?);
        }
        let mut lines: Vec<String> = event_text(event)
            .filter(|_| is_change)
            .into_iter()
            .collect();
        if let FetchEvent::Observed(ObservedTask {
            task_id, findings, ..
        })
        | FetchEvent::Ended {
            task_id, findings, ..
        } = event
        {
            lines.extend(self.new_findings(task_id, findings));
        }
        let facts = self.facts.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut self.mode {
            Mode::Bars(bars) => bars.show(event, &facts, &lines),
            Mode::Lines(heartbeat) => {
                if !lines.is_empty() {
                    heartbeat.postpone();
                }
                for line in &lines {
                    say(line);
                }
            }
            Mode::Json => {}
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
