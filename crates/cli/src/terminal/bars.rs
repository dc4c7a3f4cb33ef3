//! Progress bars: one of the batch, and one for each of some tasks.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use seedance_fetch::FetchEvent;
use seedance_query::TaskId;

/// Maximum number of tasks with a bar of their own.
const MAX_BARS: usize = 12;

#[derive(Default)]
pub(super) struct Bars {
    all: MultiProgress,
    total: Option<ProgressBar>,
    of_task: HashMap<TaskId, ProgressBar>,
    /// Tasks that nothing more, or only another of their videos, is to be expected of.
    done: HashSet<TaskId>,
}

impl Bars {
    /// Takes the bars off the screen.
    pub fn clear(&self) {
        let _ = self.all.clear();
    }

    pub fn show(&mut self, event: &FetchEvent, lines: &[String]) {
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

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
