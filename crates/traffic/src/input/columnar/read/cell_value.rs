//! The value of a cell as bytes or text.

use arrow_array::{
    Array,
    cast::AsArray,
    types::{
        Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
        TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
        TimestampSecondType, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
    },
};
use arrow_schema::{DataType, TimeUnit};

use super::leaf::LeafArray;

impl LeafArray {
    /// The text or the bytes of a cell; none if there are none.
    pub fn bytes(&self, row: usize) -> Option<&[u8]> {
        (!self.is_null(row))
            .then(|| bytes(&self.array, row))
            .flatten()
    }

    /// A number, a time (in Unix seconds) or a text as text.
    pub fn text(&self, row: usize) -> Option<String> {
        if self.is_null(row) {
            return None;
        }
        number(&self.array, row)
            .or_else(|| Some(String::from_utf8_lossy(bytes(&self.array, row)?).into_owned()))
    }
}

fn bytes(array: &dyn Array, row: usize) -> Option<&[u8]> {
    Some(match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().value(row).as_bytes(),
        DataType::LargeUtf8 => array.as_string::<i64>().value(row).as_bytes(),
        DataType::Utf8View => array.as_string_view().value(row).as_bytes(),
        DataType::Binary => array.as_binary::<i32>().value(row),
        DataType::LargeBinary => array.as_binary::<i64>().value(row),
        DataType::BinaryView => array.as_binary_view().value(row),
        DataType::FixedSizeBinary(_) => array.as_fixed_size_binary().value(row),
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary_opt()?;
            let key = integer(dictionary.keys(), row)?;
            let values: &dyn Array = dictionary.values().as_ref();
            let key = usize::try_from(key)
                .ok()
                .filter(|key| *key < values.len())?;
            return (!values.is_null(key)).then(|| bytes(values, key)).flatten();
        }
        _ => return None,
    })
}

fn integer(array: &dyn Array, row: usize) -> Option<i64> {
    Some(match array.data_type() {
        DataType::Int8 => array.as_primitive::<Int8Type>().value(row).into(),
        DataType::Int16 => array.as_primitive::<Int16Type>().value(row).into(),
        DataType::Int32 => array.as_primitive::<Int32Type>().value(row).into(),
        DataType::Int64 => array.as_primitive::<Int64Type>().value(row),
        DataType::UInt8 => array.as_primitive::<UInt8Type>().value(row).into(),
        DataType::UInt16 => array.as_primitive::<UInt16Type>().value(row).into(),
        DataType::UInt32 => array.as_primitive::<UInt32Type>().value(row).into(),
        DataType::UInt64 => i64::try_from(array.as_primitive::<UInt64Type>().value(row)).ok()?,
        _ => return None,
    })
}

fn number(array: &dyn Array, row: usize) -> Option<String> {
    Some(match array.data_type() {
        // Printed without a fraction if there is none: pandas makes 200.0 of 200 beside a null.
        DataType::Float32 => array.as_primitive::<Float32Type>().value(row).to_string(),
        DataType::Float64 => array.as_primitive::<Float64Type>().value(row).to_string(),
        DataType::Timestamp(unit, _) => seconds(array, *unit, row).to_string(),
        _ => integer(array, row)?.to_string(),
    })
}

fn seconds(array: &dyn Array, unit: TimeUnit, row: usize) -> i64 {
    let (value, of_a_second) = match unit {
        TimeUnit::Second => (array.as_primitive::<TimestampSecondType>().value(row), 1),
        TimeUnit::Millisecond => (
            array.as_primitive::<TimestampMillisecondType>().value(row),
            1_000,
        ),
        TimeUnit::Microsecond => (
            array.as_primitive::<TimestampMicrosecondType>().value(row),
            1_000_000,
        ),
        TimeUnit::Nanosecond => (
            array.as_primitive::<TimestampNanosecondType>().value(row),
            1_000_000_000,
        ),
    };
    value.div_euclid(of_a_second)
}
