//! Bytes to the generated types.

use crate::model::types::TaskQueryResponse;

/// Decodes the body of a successful response into its typed task.
///
/// It gives what `serde_json::from_slice` gives. A member that
/// is null or of another type is absent, an integer may be written as `108900.0`, the last of two
/// equal keys wins, and unknown members are ignored: none of these is a reason to withhold a video
/// that was paid for.
///
/// # Errors
///
/// If the body is not JSON, or has no task with a known status;
/// [`validate`](crate::validate::validate()) says exactly what is wrong.
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
    serde_json::from_slice(body)
}

#[cfg(test)]
mod tests {
    use super::decode;
    use crate::model::Shape;

    #[test]
    fn a_float_does_not_cost_a_task_its_shape() {
        let body = br#"{"code":"success","data":{"task_id":"t","status":"SUCCESS",
            "result_url":"https://a.example/e.mp4","original_result_url":"https://a.example/o.mp4",
            "data":{"super_resolution":"720p","usage":{"super_resolution_tokens":108900.0}}}}"#;
        let task = decode(body).unwrap().data;
        assert_eq!(task.shape(), Shape::SuperResolution);
        assert_eq!(task.billed_tokens(), Some(108_900));
    }
}
