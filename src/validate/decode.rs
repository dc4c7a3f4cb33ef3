//! Bytes to the generated types.

use serde_json::{Number, Value};

use crate::{
    model::{Shape, types::TaskQueryResponse},
    validate::{accept, parse},
};

/// Decodes the body of a successful response into its typed task.
///
/// To JSON Schema `1.0` is an integer and the last of two equal keys counts; serde alone disagrees
/// on both. Neither is a reason to withhold a video that was paid for, so such a body is decoded
/// too. Fields that the types do not know are passed over.
///
/// # Errors
///
/// If the body is not JSON, or breaks the contract in a way that the types cannot hold;
/// [`validate`](crate::validate::validate()) says exactly how.
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
    if let Some((response, _)) = decode_documented(body) {
        return Ok(response);
    }
    match canonical(body) {
        Some(body) => serde_json::from_slice(&body),
        None => serde_json::from_slice(body),
    }
}

/// Decodes a body in which nothing is to be found, in the pass that tells so.
pub(crate) fn decode_documented(body: &[u8]) -> Option<(TaskQueryResponse, Shape)> {
    let (response, shape) = accept(body)?;
    Some((response.into_task_query_response(shape)?, shape))
}

/// A body as serde reads it in the sense of JSON Schema, if that is not the body itself.
///
/// This comes before decoding, not after it fails: a union would take the first shape that holds,
/// and lose what made another shape fail.
pub(crate) fn canonical(body: &[u8]) -> Option<Vec<u8>> {
    let mut parsed = parse(body).ok()?;
    let has_whole_floats = whole_floats_to_integers(&mut parsed.value);
    (has_whole_floats || parsed.has_duplicate_keys).then(|| parsed.value.to_string().into_bytes())
}

fn whole_floats_to_integers(value: &mut Value) -> bool {
    match value {
        Value::Number(number) if number.is_f64() => match integer_of(number) {
            Some(integer) => {
                *value = integer.into();
                true
            }
            None => false,
        },
        Value::Array(items) => any_of(items.iter_mut()),
        Value::Object(members) => any_of(members.values_mut()),
        _ => false,
    }
}

/// The integer that a number is, however it is written.
pub(crate) fn integer_of(number: &Number) -> Option<i64> {
    // Beyond 2^53 a float is not sure to be the integer that was meant.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let whole = |float: &f64| float.fract() == 0.0 && float.abs() <= EXACT;
    #[allow(clippy::cast_possible_truncation)] // whole, and within 2^53
    let of_float = |float: f64| float as i64;
    number
        .as_i64()
        .or_else(|| number.as_f64().filter(whole).map(of_float))
}

/// Without an early exit: each of them has to be converted.
fn any_of<'a>(values: impl Iterator<Item = &'a mut Value>) -> bool {
    values
        .map(whole_floats_to_integers)
        .filter(|changed| *changed)
        .count()
        > 0
}

#[cfg(test)]
mod tests {
    use super::{canonical, decode, decode_documented};
    use crate::{capture::Capture, model::Shape};

    #[test]
    fn a_float_does_not_cost_a_task_its_shape() {
        let body = br#"{"code":"success","data":{"task_id":"t","status":"SUCCESS",
            "result_url":"https://a.example/e.mp4","original_result_url":"https://a.example/o.mp4",
            "data":{"super_resolution":"720p","usage":{"super_resolution_tokens":108900.0}}}}"#;
        let task = decode(body).unwrap().data;
        assert_eq!(task.shape(), Shape::SuperResolution);
        assert_eq!(task.billed_tokens(), Some(108_900));
    }

    #[test]
    fn a_documented_body_is_read_in_one_pass() {
        for capture in [
            include_bytes!("../../tests/captures/pending-queued.http").as_slice(),
            include_bytes!("../../tests/captures/normal-720p.http"),
            include_bytes!("../../tests/captures/super-resolution-720p.http"),
            include_bytes!("../../tests/captures/failure-content-policy.http"),
        ] {
            let body = Capture::parse(capture).unwrap().body;
            let (read, shape) = decode_documented(&body).unwrap();
            assert_eq!(read, serde_json::from_slice(&body).unwrap());
            assert_eq!(read.data.shape(), shape);
        }
        assert!(decode_documented(br#"{"code":"success","message":""}"#).is_none());
    }

    #[test]
    fn a_body_that_serde_reads_alike_is_left_alone() {
        assert_eq!(canonical(br#"{"a":[1,1.5,1e300,"1.0"]}"#), None);
        assert_eq!(canonical(b"no JSON"), None);
        assert_eq!(canonical(b"[1.0,2.5]").unwrap(), b"[1,2.5]");
        assert_eq!(canonical(br#"{"a":1,"a":2}"#).unwrap(), br#"{"a":2}"#);
    }
}
