//! Columns of any type as bytes or text.

use arrow_array::{Array, ArrayRef, LargeBinaryArray, LargeStringArray, cast::AsArray};
use arrow_cast::cast;
use arrow_schema::{DataType, TimeUnit};

/// Bodies, whatever kind of strings or bytes they are stored as.
pub(crate) fn bytes(array: &ArrayRef) -> Result<LargeBinaryArray, String> {
    if !is_text(array.data_type()) {
        return Err(format!(
            "expected bodies as strings or bytes, found {}",
            array.data_type()
        ));
    }
    let array = cast(array, &DataType::LargeBinary).map_err(|error| error.to_string())?;
    Ok(array.as_binary::<i64>().clone())
}

/// Statuses or times as text: whole numbers, times as Unix seconds.
pub(crate) fn text(array: &ArrayRef) -> Result<LargeStringArray, String> {
    let as_type = |array: &dyn Array, data_type: &DataType| {
        cast(array, data_type).map_err(|error| error.to_string())
    };
    let array = match array.data_type() {
        DataType::Timestamp(..) => {
            let seconds = as_type(array, &DataType::Timestamp(TimeUnit::Second, None))?;
            as_type(&seconds, &DataType::Int64)?
        }
        // pandas makes 200.0 of 200 beside a null.
        DataType::Float16 | DataType::Float32 | DataType::Float64 => {
            as_type(array, &DataType::Int64)?
        }
        _ => array.clone(),
    };
    Ok(as_type(&array, &DataType::LargeUtf8)?
        .as_string::<i64>()
        .clone())
}

fn is_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Utf8
        | DataType::LargeUtf8
        | DataType::Utf8View
        | DataType::Binary
        | DataType::LargeBinary
        | DataType::BinaryView
        | DataType::Null => true,
        DataType::Dictionary(_, values) => is_text(values),
        _ => false,
    }
}
