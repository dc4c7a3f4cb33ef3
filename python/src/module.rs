//! The functions that Python sees.

use std::str::FromStr;

use arrow_array::{Array, LargeBinaryArray};
use arrow_schema::Field;
use pyo3::{
    exceptions::{PyTypeError, PyValueError},
    prelude::*,
};
use pyo3_arrow::{PyArray, PyChunkedArray, input::AnyArray};
use seedance_traffic::SummaryPart;

use crate::{
    findings::validated,
    rows::bytes,
    summary::{Columns, Format, part, shown},
};

/// Validates answers of the Seedance task query in Arrow arrays.
#[pymodule]
mod seedance_query {
    #[pymodule_export]
    use super::{merge, show, summary, validate};
}

/// Validates each body of an Arrow array of strings or bytes.
///
/// Returns a struct for each: verdict, shape, task_id, status and findings; null for null.
#[pyfunction]
fn validate(py: Python<'_>, array: AnyArray) -> PyResult<Bound<'_, PyAny>> {
    match array {
        AnyArray::Array(array) => {
            let found = py.detach(|| bytes(array.array()).map(|bodies| validated(&bodies)));
            let found = PyArray::from_array_ref(found.map_err(wrong_type)?);
            Ok(Bound::new(py, found)?.into_any())
        }
        AnyArray::Stream(stream) => {
            let reader = stream.into_reader()?;
            let none = validated(&LargeBinaryArray::new_null(0));
            let field = Field::new("", none.data_type().clone(), true);
            let chunks = py.detach(|| {
                reader
                    .map(|chunk| {
                        let chunk = chunk.map_err(|error| error.to_string())?;
                        bytes(&chunk).map(|bodies| validated(&bodies))
                    })
                    .collect::<Result<Vec<_>, String>>()
            });
            let found = PyChunkedArray::try_new(chunks.map_err(wrong_type)?, field.into())?;
            Ok(Bound::new(py, found)?.into_any())
        }
    }
}

/// Summarises bodies as `validate --summary-out` does for a Parquet file of that name with that column.
///
/// Takes an array, or a table or stream of record batches, in which `column`, `status` and `time` are
/// columns. Returns a part as text, which `merge` and `show` take.
#[pyfunction]
#[pyo3(signature = (data, *, name, column = "body", status = None, time = None))]
fn summary(
    py: Python<'_>,
    data: AnyArray,
    name: &str,
    column: &str,
    status: Option<&str>,
    time: Option<&str>,
) -> PyResult<String> {
    let reader = data.into_reader()?;
    let columns = Columns {
        body: column,
        status,
        time,
    };
    py.detach(|| part(reader, name, &columns))
        .map_err(wrong_type)
}

/// Merges parts, in any order; an input that is in several counts once.
#[pyfunction]
fn merge(py: Python<'_>, parts: Vec<String>) -> PyResult<String> {
    py.detach(|| {
        let mut parts = parts.iter().map(|part| SummaryPart::from_str(part));
        let mut merged = parts
            .next()
            .ok_or("no parts")?
            .map_err(|error| error.to_string())?;
        for part in parts {
            let part = part.map_err(|error| error.to_string())?;
            merged.merge(&part).map_err(|error| error.to_string())?;
        }
        Ok(merged.to_string())
    })
    .map_err(|error: String| PyValueError::new_err(error))
}

/// The summary of a part as `summary show` prints it: "json" or "html".
#[pyfunction]
#[pyo3(signature = (part, *, format = "json", timeline = false))]
fn show(py: Python<'_>, part: &str, format: &str, timeline: bool) -> PyResult<String> {
    let format = match format {
        "json" => Format::Json,
        "html" => Format::Html,
        other => {
            let message = format!("expected json or html, found {other}");
            return Err(PyValueError::new_err(message));
        }
    };
    py.detach(|| shown(part, format, timeline))
        .map_err(PyValueError::new_err)
}

fn wrong_type(message: String) -> PyErr {
    PyTypeError::new_err(message)
}
