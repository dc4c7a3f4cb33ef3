//! What is shown while tasks are waited for and videos are on their way.

use std::{
    collections::{HashMap, HashSet},
    io::{self, IsTerminal},
    time::{Duration, Instant},
};

use indicatif::{HumanBytes, MultiProgress, ProgressBar, ProgressStyle};
use seedance_fetch::FetchEvent;
use seedance_query::{Finding, TaskId, Verdict};

use super::{human::count, say, table::span};

/// At most this many tasks have a bar of their own at a time.
const BARS: usize = 12;

/// Shows events, and keeps what the table at the end needs of them.
pub(super) struct Progress {
    mode: Mode,
    seen: HashMap<TaskId, Seen>,
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

struct Bars {
    all: MultiProgress,
    total: Option<ProgressBar>,
    of_task: HashMap<TaskId, ProgressBar>,
    /// Tasks that nothing more, or only another of their videos, is to be expected of.
    done: HashSet<TaskId>,
}

/// What is known of a task from its events.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    pub polls: u32,
    pub verdict: Option<Verdict>,
    pub findings: usize,
    pub waited: Option<Duration>,
    pub downloaded: Option<Duration>,
    pub expires_in: Option<Duration>,
    began: Option<Instant>,
    ended: Option<Instant>,
    status: String,
}

impl Progress {
    pub fn new(json: bool) -> Self {
        let mode = if json {
            Mode::Json
        } else if io::stderr().is_terminal() {
            Mode::Bars(Bars {
                all: MultiProgress::new(),
                total: None,
                of_task: HashMap::new(),
                done: HashSet::new(),
            })
        } else {
            Mode::Lines
        };
        Self {
            mode,
            seen: HashMap::new(),
            shown: HashSet::new(),
        }
    }

    /// What is known of a task, if this run had to do with it.
    pub fn seen(&self, id: &TaskId) -> Option<&Seen> {
        self.seen.get(id)
    }

    /// Takes the bars off the screen.
    pub fn clear(&self) {
        if let Mode::Bars(bars) = &self.mode {
            let _ = bars.all.clear();
        }
    }

    pub fn show(&mut self, event: &FetchEvent) -> io::Result<()> {
        let has_changed = self.take_in(event);
        if let Mode::Json = self.mode {
            return super::print(&serde_json::to_string(event)?);
        }
        let mut lines: Vec<String> = line(event).filter(|_| has_changed).into_iter().collect();
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

    /// Keeps what the event tells; whether that is worth a line.
    fn take_in(&mut self, event: &FetchEvent) -> bool {
        let now = Instant::now();
        match event {
            FetchEvent::Started { .. } | FetchEvent::Left { .. } | FetchEvent::Warned { .. } => {
                true
            }
            FetchEvent::Observed {
                task_id,
                poll,
                status,
                progress,
                error,
                ..
            } => {
                let seen = self.seen.entry(task_id.clone()).or_default();
                seen.began.get_or_insert(now);
                seen.polls = *poll;
                let status = format!("{status:?} {progress:?} {error:?}");
                std::mem::replace(&mut seen.status, status.clone()) != status
            }
            FetchEvent::Ended {
                task_id,
                verdict,
                findings,
                expires_in,
                ..
            } => {
                let seen = self.seen.entry(task_id.clone()).or_default();
                let began = *seen.began.get_or_insert(now);
                seen.polls += 1;
                seen.waited = Some(now - began);
                seen.ended = Some(now);
                seen.verdict = *verdict;
                seen.findings = findings.len();
                seen.expires_in =
                    expires_in.and_then(|left| Duration::try_from_secs_f64(left).ok());
                true
            }
            FetchEvent::Arrived { task_id, .. } => {
                let seen = self.seen.entry(task_id.clone()).or_default();
                seen.downloaded = seen.ended.map(|ended| now - ended);
                true
            }
            _ => false,
        }
    }
}

/// What a person is told of an event.
fn line(event: &FetchEvent) -> Option<String> {
    Some(match event {
        FetchEvent::Started {
            tasks,
            done_before: 0,
        } => format!("{} to fetch", count(*tasks, "task")),
        FetchEvent::Started { tasks, done_before } => {
            format!(
                "{} to fetch, {done_before} done before",
                count(*tasks, "task")
            )
        }
        FetchEvent::Observed {
            task_id,
            poll,
            status,
            progress,
            next_in,
            error,
            ..
        } => {
            let what = match (status, error) {
                (Some(status), _) => match progress.as_deref().filter(|text| !text.is_empty()) {
                    Some(progress) => format!("{status} {progress}"),
                    None => status.clone(),
                },
                (None, Some(error)) => error.clone(),
                (None, None) => "no answer".to_owned(),
            };
            format!("{task_id}  {what}  (query {poll}, next in {next_in:.1} s)")
        }
        FetchEvent::Ended {
            task_id,
            reason: Some(reason),
            ..
        } => {
            format!("{task_id}  failed: {reason}")
        }
        FetchEvent::Ended {
            task_id,
            shape,
            billed_tokens,
            expires_in,
            ..
        } => {
            let mut text = format!("{task_id}  {}", shape.as_deref().unwrap_or("finished"));
            if let Some(tokens) = billed_tokens {
                text.push_str(&format!(", {tokens} tokens"));
            }
            if let Some(left) = expires_in.and_then(|left| Duration::try_from_secs_f64(left).ok()) {
                text.push_str(&format!(", can be downloaded for {}", span(left)));
            }
            text
        }
        FetchEvent::Arrived {
            task_id,
            file,
            bytes,
            was_there,
            ..
        } => {
            let what = if *was_there { "was there" } else { "arrived" };
            format!(
                "{task_id}  {what}: {} ({})",
                file.display(),
                HumanBytes(*bytes)
            )
        }
        FetchEvent::Warned { task_id, problem } => format!("{task_id}  {problem}"),
        FetchEvent::Left { task_id, problem } => format!("{task_id}  left: {problem}"),
        _ => return None,
    })
}

impl Bars {
    fn show(&mut self, event: &FetchEvent, lines: &[String]) {
        match event {
            FetchEvent::Started { tasks, .. } => {
                let bar = ProgressBar::new(*tasks as u64).with_style(style(
                    "{bar:30.cyan/dim} {pos} of {len} tasks  {elapsed_precise}",
                ));
                bar.enable_steady_tick(Duration::from_millis(200));
                self.total = Some(self.all.add(bar));
            }
            FetchEvent::Observed { task_id, .. } => {
                if let Some(bar) = self.bar(task_id) {
                    bar.set_style(style("{spinner} {msg}"));
                    if let Some(line) = lines.first() {
                        bar.set_message(line.clone());
                    }
                }
                self.print(lines.get(1..).unwrap_or_default());
            }
            FetchEvent::Downloading {
                task_id,
                bytes,
                total,
                ..
            } => {
                if let Some(bar) = self.bar(task_id) {
                    bar.set_style(style(
                        "{bar:30.green/dim} {msg}  {bytes} of {total_bytes}, {bytes_per_sec}",
                    ));
                    bar.set_length(total.unwrap_or(*bytes));
                    bar.set_position(*bytes);
                    bar.set_message(task_id.to_string());
                }
            }
            FetchEvent::Ended {
                task_id,
                reason: Some(_),
                ..
            }
            | FetchEvent::Arrived { task_id, .. }
            | FetchEvent::Left { task_id, .. } => {
                self.print(lines);
                if let Some(bar) = self.of_task.remove(task_id) {
                    bar.finish_and_clear();
                }
                self.done.insert(task_id.clone());
                if let Some(total) = &self.total {
                    total.set_position(self.done.len() as u64);
                }
            }
            _ => self.print(lines),
        }
    }

    fn print(&self, lines: &[String]) {
        for line in lines {
            let _ = self.all.println(line);
        }
    }

    /// The bar of a task, while there is room for one.
    fn bar(&mut self, id: &TaskId) -> Option<&ProgressBar> {
        if !self.of_task.contains_key(id) {
            if self.of_task.len() >= BARS {
                return None;
            }
            let bar = self.all.add(ProgressBar::new(0));
            bar.enable_steady_tick(Duration::from_millis(200));
            self.of_task.insert(id.clone(), bar);
        }
        self.of_task.get(id)
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
