//! Progress bars: one of the batch, and one for each of some tasks.

use std::{
    collections::{HashMap, HashSet},
    fmt,
    time::Duration,
};

use indicatif::{MultiProgress, ProgressBar, ProgressState, ProgressStyle};
use seedance_fetch::{FetchEvent, ObservedTask};
use seedance_query::{TaskId, redact::terminal};

use crate::output::{BatchFacts, TaskFacts, task_text};

/// Maximum number of tasks with a bar of their own.
const MAX_BARS: usize = 12;

#[derive(Default)]
pub(super) struct Bars {
    all: MultiProgress,
    total: Option<ProgressBar>,
    of_task: HashMap<TaskId, ProgressBar>,
    /// Tasks that have ended; of some, a second video may still arrive.
    done: HashSet<TaskId>,
}

impl Bars {
    /// Takes the bars off the screen.
    pub fn clear(&self) {
        let _ = self.all.clear();
    }

    pub fn show(&mut self, event: &FetchEvent, facts: &BatchFacts, lines: &[String]) {
        match event {
            FetchEvent::Started { tasks, .. } => {
                let bar = ProgressBar::new(*tasks as u64).with_style(style(
                    "{bar:30.cyan/dim} {pos} of {len} tasks  {elapsed_precise}",
                ));
                bar.enable_steady_tick(Duration::from_millis(200));
                self.total = Some(self.all.add(bar));
            }
            FetchEvent::Added { tasks } => {
                self.print(lines);
                if let Some(total) = &self.total {
                    total.inc_length(*tasks as u64);
                }
            }
            FetchEvent::Observed(ObservedTask { task_id, .. })
            | FetchEvent::DownloadWaiting { task_id, .. } => {
                self.print(lines);
                let task = facts.of(task_id).cloned().unwrap_or_default();
                if let Some(bar) = self.bar(task_id) {
                    bar.set_style(ticking(task));
                    bar.set_message(task_id.to_string());
                }
            }
            FetchEvent::Downloading {
                task_id,
                bytes,
                total,
                ..
            } => {
                if let Some(bar) = self.bar(task_id) {
                    bar.set_style(style(
                        "{bar:30.green/dim} {msg}  {decimal_bytes} of {decimal_total_bytes}, {decimal_bytes_per_sec}, {eta} left",
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
            | FetchEvent::Unavailable { task_id, .. }
            | FetchEvent::TakenOver { task_id }
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
            let _ = self.all.println(terminal(line));
        }
    }

    /// The bar of a task, while there is room for one.
    fn bar(&mut self, id: &TaskId) -> Option<&ProgressBar> {
        if !self.of_task.contains_key(id) {
            if self.of_task.len() >= MAX_BARS {
                return None;
            }
            let bar = self.all.add(ProgressBar::new(0));
            bar.enable_steady_tick(Duration::from_millis(200));
            self.of_task.insert(id.clone(), bar);
        }
        self.of_task.get(id)
    }
}

/// What is known of a task, computed each time the bar is drawn.
fn ticking(task: TaskFacts) -> ProgressStyle {
    style("{spinner} {msg}  {state}").with_key(
        "state",
        move |_: &ProgressState, out: &mut dyn fmt::Write| {
            let _ = out.write_str(&terminal(&task_text(&task)));
        },
    )
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{Arc, Mutex},
        thread,
        time::{Duration, Instant},
    };

    use indicatif::{MultiProgress, ProgressDrawTarget, TermLike};
    use seedance_fetch::{FetchEvent, ObservedTask};

    use super::Bars;
    use crate::output::BatchFacts;

    /// A terminal that keeps what is written on it.
    #[derive(Clone, Debug, Default)]
    struct Screen(Arc<Mutex<String>>);

    impl TermLike for Screen {
        fn width(&self) -> u16 {
            200
        }

        fn move_cursor_up(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_down(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_right(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn move_cursor_left(&self, _: usize) -> io::Result<()> {
            Ok(())
        }

        fn write_line(&self, text: &str) -> io::Result<()> {
            self.write_str(text)
        }

        fn write_str(&self, text: &str) -> io::Result<()> {
            self.0.lock().unwrap().push_str(text);
            Ok(())
        }

        fn clear_line(&self) -> io::Result<()> {
            Ok(())
        }

        fn flush(&self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Waits until a text is on the screen.
    fn wait_for(screen: &Screen, text: &str) {
        let began = Instant::now();
        while !screen.0.lock().unwrap().contains(text) {
            let shown = screen.0.lock().unwrap().clone();
            assert!(began.elapsed() < Duration::from_secs(30), "{text}: {shown}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    #[test]
    fn times_move_between_two_events() {
        let screen = Screen::default();
        let target = ProgressDrawTarget::term_like(Box::new(screen.clone()));
        let mut bars = Bars {
            all: MultiProgress::with_draw_target(target),
            ..Bars::default()
        };
        let mut facts = BatchFacts::new();
        let mut seen = ObservedTask::new("t1".parse().unwrap());
        seen.poll = 1;
        seen.status = Some("IN_PROGRESS\u{202e}\u{1b}[2J".to_owned());
        seen.progress = Some("50%".to_owned());
        seen.next_in = 15.0;
        let event = FetchEvent::Observed(seen);
        facts.take_in(&event);
        bars.show(&event, &facts, &["a line \u{9b}31m".to_owned()]);
        // The countdown, the age of the status and the time in all, without another event.
        for text in [
            " 50% for 0s, 0s in all, next query in 15s",
            "for 1s, 1s in all, next query in 14s",
            "for 2s, 2s in all, next query in 13s",
        ] {
            wait_for(&screen, text);
        }
        let shown = screen.0.lock().unwrap().clone();
        assert!(shown.contains(r"IN_PROGRESS\u{202e}\u{1b}[2J"), "{shown}");
        assert!(shown.contains(r"a line \u{9b}31m"), "{shown}");
        bars.clear();
    }
}
