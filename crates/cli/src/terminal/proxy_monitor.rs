//! What is shown while traffic goes by: a table on a terminal, each new finding once.

use std::{
    collections::BTreeMap,
    io::{self, IsTerminal, Write},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{RecvTimeoutError, Sender, channel},
    },
    thread,
    time::{Duration, Instant},
};

use comfy_table::{CellAlignment, Table, presets};
use indicatif::{ProgressBar, ProgressStyle};
use seedance_query::{Finding, Shape, Verdict, redact::terminal_json};
use seedance_traffic::{ValidatedResponse, proxy::ProxyEvent};

use crate::output::{complain, is_read, proxy_event_json, say};

/// How often the table is redrawn.
const PERIOD: Duration = Duration::from_millis(500);

/// Maximum number of distinct findings printed; the report has all of them.
const SAID: usize = 200;

/// What was seen so far, and what was printed of it.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a choice or a state of its own"
)]
pub(crate) struct ProxyMonitor {
    has_json: bool,
    is_quiet: bool,
    /// Whether the JSON is still read; the pipe can be closed.
    is_read: bool,
    /// As it is shown.
    upstream: String,
    counts: BTreeMap<(Option<Shape>, Verdict), u64>,
    said: usize,
    has_said_why_not: bool,
    unrecorded: u64,
    recorded: u64,
    bar: Option<ProgressBar>,
}

impl ProxyMonitor {
    pub fn new(has_json: bool, is_quiet: bool, upstream: String) -> Self {
        Self {
            has_json,
            is_quiet,
            upstream,
            is_read: true,
            counts: BTreeMap::new(),
            said: 0,
            has_said_why_not: false,
            unrecorded: 0,
            recorded: 0,
            bar: None,
        }
    }

    /// Counts an event, and prints it.
    pub fn show(&mut self, event: &ProxyEvent<'_>) {
        if self.has_json {
            if self.is_read {
                // Output that cannot be written is no reason to stop the traffic.
                let event = proxy_event_json(event).to_string();
                let printed = writeln!(io::stdout().lock(), "{}", terminal_json(&event));
                self.is_read = is_read(printed).unwrap_or(false);
            }
            return;
        }
        match event {
            ProxyEvent::Validated {
                response: validated,
                capture,
            } => {
                let report = &validated.report;
                self.recorded += u64::from(capture.is_some());
                *self
                    .counts
                    .entry((report.shape(), report.verdict()))
                    .or_default() += 1;
                self.say_new(validated);
            }
            ProxyEvent::NotRecorded(message) => {
                self.unrecorded += 1;
                if !std::mem::replace(&mut self.has_said_why_not, true) {
                    let message = format!("{message}; the traffic goes on, captures are missing");
                    self.above(|| complain(&message));
                }
            }
            ProxyEvent::NoConnection(why) => {
                let upstream = &self.upstream;
                let message = format!(
                    "{why}. Is {upstream} running, and is --upstream right? Clients get errors until \
                     it answers; this is not repeated for each request"
                );
                self.above(|| complain(&message));
            }
            _ => {}
        }
    }

    fn say_new(&mut self, validated: &ValidatedResponse) {
        if self.is_quiet {
            return;
        }
        for (index, finding) in validated.report.findings().iter().enumerate() {
            if self.said > SAID || !validated.is_new(index) {
                continue;
            }
            self.said += 1;
            let line = if self.said > SAID {
                "further findings are not printed; /_report lists them".to_owned()
            } else {
                finding_line(finding, validated)
            };
            self.above(|| say(&line));
        }
    }

    /// Says something while the table is out of the way.
    fn above(&self, say: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(say),
            None => say(),
        }
    }

    fn table(&self) -> String {
        let mut table = Table::new();
        table.load_style(presets::NOTHING);
        table.set_header(["shape", "conforms", "drifts", "violates"]);
        let mut shapes: Vec<Option<Shape>> = self.counts.keys().map(|(shape, _)| *shape).collect();
        shapes.dedup();
        for shape in shapes {
            let count = |verdict| {
                let count = self.counts.get(&(shape, verdict)).copied();
                count.map_or_else(String::new, |count| count.to_string())
            };
            table.add_row([
                shape.map_or("unknown", Shape::name).to_owned(),
                count(Verdict::Conforms),
                count(Verdict::Drifts),
                count(Verdict::Violates),
            ]);
        }
        for index in 1..=3 {
            if let Some(column) = table.column_mut(index) {
                column.set_cell_alignment(CellAlignment::Right);
            }
        }
        let mut text = table.to_string();
        if self.recorded + self.unrecorded > 0 {
            text.push_str(&format!("\n{} recorded", self.recorded));
        }
        if self.unrecorded > 0 {
            text.push_str(&format!(", {} could not be recorded", self.unrecorded));
        }
        text
    }

    /// Draws the table until what it gives is dropped, if there is a terminal; on a thread of its
    /// own, since a terminal can take its time.
    pub fn draw(monitor: &Arc<Mutex<Self>>) -> Option<Drawing> {
        if lock(monitor).has_json || lock(monitor).is_quiet || !io::stderr().is_terminal() {
            return None;
        }
        let bar = ProgressBar::new_spinner();
        if let Ok(style) = ProgressStyle::with_template("{msg}") {
            bar.set_style(style);
        }
        lock(monitor).bar = Some(bar.clone());
        let monitor = Arc::clone(monitor);
        let (stop, stopped) = channel();
        let drawing = thread::spawn(move || {
            while stopped.recv_timeout(PERIOD) == Err(RecvTimeoutError::Timeout) {
                let table = lock(&monitor).table();
                bar.set_message(table);
                bar.tick();
            }
            lock(&monitor).bar = None;
            bar.finish_and_clear();
        });
        Some(Drawing {
            stop: Some(stop),
            thread: drawing,
        })
    }
}

/// A finding with the time of its response and its task.
fn finding_line(finding: &Finding, validated: &ValidatedResponse) -> String {
    let time = validated.time.and_then(|time| {
        let time = jiff::Timestamp::from_second(time).ok()?;
        Some(time.strftime("%H:%M:%SZ").to_string())
    });
    let task = validated.task_id.as_deref();
    let mut line: Vec<&str> = [time.as_deref(), task].into_iter().flatten().collect();
    let finding = finding.to_string();
    line.push(&finding);
    let source = format!("({})", validated.source);
    line.push(&source);
    line.join("  ")
}

/// A table that is redrawn until this is dropped.
pub(crate) struct Drawing {
    stop: Option<Sender<()>>,
    thread: thread::JoinHandle<()>,
}

impl Drop for Drawing {
    fn drop(&mut self) {
        self.stop = None;
        // A terminal that takes nothing is not waited for.
        let until = Instant::now() + PERIOD;
        while !self.thread.is_finished() && Instant::now() < until {
            thread::sleep(Duration::from_millis(1));
        }
    }
}

/// A listener that panicked has said so.
pub(crate) fn lock(monitor: &Mutex<ProxyMonitor>) -> std::sync::MutexGuard<'_, ProxyMonitor> {
    monitor.lock().unwrap_or_else(PoisonError::into_inner)
}
