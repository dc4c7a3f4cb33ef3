//! Task ids from arguments and files.

use std::path::Path;

use seedance_query::TaskId;

use super::file::read_file;
use crate::arguments::FetchArguments;

pub(crate) fn parse_ids(texts: &[String]) -> Result<Vec<TaskId>, String> {
    let ids = texts.iter().map(|text| text.parse::<TaskId>());
    ids.map(|id| id.map_err(|error| error.to_string()))
        .collect()
}

/// The ids of the arguments and of the file.
pub(crate) fn read_ids(arguments: &FetchArguments) -> Result<Vec<TaskId>, String> {
    let mut ids = parse_ids(&arguments.task_ids)?;
    if let Some(path) = &arguments.from {
        let (name, text) = read(path)?;
        for line in text.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let id = line.parse::<TaskId>();
            ids.push(id.map_err(|error| format!("{name}: {error}"))?);
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
    // Some editors put a mark at the beginning, which is no part of an id.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
    Ok((name, text))
}
