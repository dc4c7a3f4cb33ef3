//! Task ids from arguments, files and standard input.

use std::{
    fs,
    io::{self, BufRead, Read},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use seedance_query::{InvalidTaskId, TaskId};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::{arguments::FetchArguments, output::complain};

/// What standard input is called.
const STANDARD_INPUT: &str = "standard input";

pub(crate) fn parse_ids(texts: &[String]) -> Result<Vec<TaskId>, String> {
    let ids = texts.iter().map(|text| TaskId::from_input(text));
    ids.collect::<Result<_, InvalidTaskId>>()
        .map_err(|error| error.to_string())
}

/// The ids of the arguments and of the file, one a line there; an unusable line is named.
pub(crate) fn read_ids(arguments: &FetchArguments) -> Result<Vec<TaskId>, String> {
    let mut ids = parse_ids(&arguments.task_ids)?;
    if let Some(path) = &arguments.from {
        refuse_pipe(path)?;
        let name = path.display().to_string();
        let bytes = fs::read(path).map_err(|error| format!("cannot read {name}: {error}"))?;
        for (line, number) in bytes.split(|byte| *byte == b'\n').zip(1..) {
            ids.extend(id_in_line(&name, number, line)?);
        }
    }
    Ok(ids)
}

/// Reads ids from standard input as they come, on a thread of its own. Unusable lines are reported
/// and skipped; the flag says whether there were any.
pub(crate) fn ids_of_standard_input() -> (UnboundedReceiver<TaskId>, Arc<AtomicBool>) {
    let (send, ids) = unbounded_channel();
    let had_fault = Arc::new(AtomicBool::new(false));
    let fault = Arc::clone(&had_fault);
    thread::spawn(move || {
        let complain = |message: &str| {
            fault.store(true, Ordering::Relaxed);
            complain(message);
        };
        send_lines(io::stdin().lock(), &send, complain);
    });
    (ids, had_fault)
}

fn send_lines(mut input: impl BufRead, send: &UnboundedSender<TaskId>, complain: impl Fn(&str)) {
    /// A longer line is no list of ids.
    const MAX_ID_LINE: u64 = 64 << 10;
    for number in 1.. {
        let mut line = Vec::new();
        match (&mut input).take(MAX_ID_LINE).read_until(b'\n', &mut line) {
            Ok(0) => return,
            Ok(_) if line.len() as u64 == MAX_ID_LINE => {
                return complain(&format!("{STANDARD_INPUT}: line {number} is too long"));
            }
            Ok(_) => {}
            Err(error) => return complain(&format!("cannot read {STANDARD_INPUT}: {error}")),
        }
        match id_in_line(STANDARD_INPUT, number, &line) {
            Ok(None) => {}
            // Nobody takes ids any more once the batch has ended.
            Ok(Some(id)) => {
                if send.send(id).is_err() {
                    return;
                }
            }
            Err(message) => complain(&message),
        }
    }
}

/// The id in a line; none in an empty one or a comment.
fn id_in_line(name: &str, number: usize, line: &[u8]) -> Result<Option<TaskId>, String> {
    let line = std::str::from_utf8(line)
        .map_err(|_| format!("cannot read {name}: line {number} is not UTF-8"))?;
    // Some editors put a byte order mark at the beginning.
    let line = line.strip_prefix('\u{feff}').unwrap_or(line).trim();
    if line.is_empty() || line.starts_with('#') {
        return Ok(None);
    }
    let id = TaskId::from_input(line);
    id.map(Some)
        .map_err(|error| format!("{name}: line {number}: {error}"))
}

/// A pipe or a device could be waited for without end, and without a word.
fn refuse_pipe(path: &Path) -> Result<(), String> {
    match path.metadata() {
        Ok(found) if !found.is_file() && !found.is_dir() => Err(format!(
            "{0} is not a file: pass it on standard input (`--from - < {0}`)",
            path.display()
        )),
        _ => Ok(()),
    }
}
