//! Task ids from arguments and files.

use std::path::Path;

use seedance_query::{InvalidTaskId, TaskId};

use super::file::read_file;
use crate::arguments::FetchArguments;

pub(crate) fn parse_ids(texts: &[String]) -> Result<Vec<TaskId>, String> {
    let ids = texts.iter().map(|text| TaskId::from_input(text));
    ids.collect::<Result<_, InvalidTaskId>>()
        .map_err(|error| error.to_string())
}

/// The ids of the arguments and of the file, one a line there; an unusable line is named.
pub(crate) fn read_ids(arguments: &FetchArguments) -> Result<Vec<TaskId>, String> {
    let mut ids = parse_ids(&arguments.task_ids)?;
    if let Some(path) = &arguments.from {
        let (name, text) = read(path)?;
        for (index, line) in text.lines().enumerate() {
            if line.trim().is_empty() || line.trim().starts_with('#') {
                continue;
            }
            let number = index + 1;
            let id = TaskId::from_input(line);
            ids.push(id.map_err(|error| format!("{name}: line {number}: {error}"))?);
        }
    }
    Ok(ids)
}

fn read(path: &Path) -> Result<(String, String), String> {
    let (name, bytes) = read_file(path)?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = valid.split(|byte| *byte == b'\n').count();
        format!("cannot read {name}: line {line} is not UTF-8")
    })?;
    // Some editors put a byte order mark at the beginning.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
    Ok((name, text))
}
