//! Parts of summaries.

use std::str::FromStr;

use arrow_array::{Array, ArrayRef, cast::AsArray};
use pyo3_arrow::ffi::ArrayReader;
use seedance_traffic::{
    ColumnRecording, Output, SummaryPart,
    output::{html::Html, json::Json},
};

use crate::rows::{bytes, text};

/// The names of the columns of a table.
pub(crate) struct Columns<'a> {
    pub body: &'a str,
    pub status: Option<&'a str>,
    pub time: Option<&'a str>,
}

pub(crate) enum Format {
    Json,
    Html,
}

/// The part of one input, whose rows arrive in any batches.
pub(crate) fn part(
    reader: Box<dyn ArrayReader + Send>,
    name: &str,
    columns: &Columns<'_>,
) -> Result<String, String> {
    let mut recording = ColumnRecording::new(name, columns.body);
    for batch in reader {
        let batch = batch.map_err(|error| error.to_string())?;
        add(&mut recording, &batch, columns)?;
    }
    let part = recording.into_part().map_err(|error| error.to_string())?;
    Ok(part.to_string())
}

fn add(
    recording: &mut ColumnRecording,
    batch: &ArrayRef,
    columns: &Columns<'_>,
) -> Result<(), String> {
    let bodies = bytes(&column(batch, columns.body, true)?)?;
    let beside = |name: Option<&str>| {
        name.map(|name| text(&column(batch, name, false)?))
            .transpose()
    };
    let (statuses, times) = (beside(columns.status)?, beside(columns.time)?);
    for row in 0..bodies.len() {
        let body = bodies.is_valid(row).then(|| bodies.value(row));
        let [status, time] = [&statuses, &times].map(|values| {
            let values = values.as_ref()?;
            values.is_valid(row).then(|| values.value(row))
        });
        recording
            .add(body, status, time)
            .map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// A column of a batch; an array by itself is that of the bodies.
fn column(batch: &ArrayRef, name: &str, is_body: bool) -> Result<ArrayRef, String> {
    let Some(table) = batch.as_struct_opt() else {
        return if is_body {
            Ok(batch.clone())
        } else {
            Err(format!(
                "expected a table with the column {name}, found an array"
            ))
        };
    };
    table.column_by_name(name).cloned().ok_or_else(|| {
        let names = table.column_names().join(", ");
        format!("there is no column {name}; the columns are {names}")
    })
}

/// A summary as the command line prints it.
pub(crate) fn shown(part: &str, format: Format, timeline: bool) -> Result<String, String> {
    let part = SummaryPart::from_str(part).map_err(|error| error.to_string())?;
    let summary = if timeline || matches!(format, Format::Html) {
        part.summary_with_task_timelines()
    } else {
        part.summary()
    };
    let mut out = Vec::new();
    let written = match format {
        Format::Json => Json::new(&mut out).with_summary(true).end(&summary),
        Format::Html => Html::new(&mut out).end(&summary),
    };
    written.map_err(|error| error.to_string())?;
    String::from_utf8(out).map_err(|error| error.to_string())
}
