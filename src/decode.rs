//! Bytes to the generated types.

use serde_json::Value;

use crate::{generated::types::TaskQueryResponse, validate::parse};

/// Decodes the body of a successful response into its typed task.
///
/// To JSON Schema `1.0` is an integer and the last of two equal keys counts; serde alone disagrees
/// on both. Neither is a reason to withhold a video that was paid for, so such a body is decoded
/// too. Fields that the types do not know are passed over.
///
/// # Errors
///
/// If the body is not JSON, or breaks the contract in a way that the types cannot hold;
/// [`validate`](crate::validate()) says exactly how.
///
/// # Examples
///
/// ```
/// use seedance_query::{Shape, decode};
///
/// let body = br#"{"code":"success","data":{"task_id":"t1","status":"QUEUED","submit_time":1.0}}"#;
/// assert_eq!(decode(body)?.data.shape(), Shape::Pending);
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn decode(body: &[u8]) -> Result<TaskQueryResponse, serde_json::Error> {
    let error = match serde_json::from_slice(body) {
        Ok(response) => return Ok(response),
        Err(error) => error,
    };
    let Ok(mut parsed) = parse(body) else {
        return Err(error);
    };
    whole_floats_to_integers(&mut parsed.value);
    serde_json::from_value(parsed.value)
}

fn whole_floats_to_integers(value: &mut Value) {
    match value {
        Value::Number(number) => {
            // Beyond 2^53 a float is not sure to be the integer that was meant.
            const EXACT: f64 = 9_007_199_254_740_992.0;
            if let Some(float) = number.as_f64().filter(|_| number.is_f64())
                && float.fract() == 0.0
                && float.abs() <= EXACT
            {
                #[allow(clippy::cast_possible_truncation)] // whole, and within 2^53
                let integer = float as i64;
                *value = integer.into();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(whole_floats_to_integers),
        Value::Object(members) => members.values_mut().for_each(whole_floats_to_integers),
        _ => {}
    }
}
