//! How the documented types read a member of JSON that is not as documented: what has another type is
//! absent.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::model::lenient::integer_of;

type Members = Map<String, Value>;

pub(super) fn text<'a>(object: &'a Members, name: &str) -> Option<Cow<'a, str>> {
    object.get(name)?.as_str().map(Cow::Borrowed)
}

pub(super) fn integer(object: &Members, name: &str) -> Option<i64> {
    match object.get(name)? {
        Value::Number(number) => integer_of(number),
        _ => None,
    }
}

pub(super) fn boolean(object: &Members, name: &str) -> Option<bool> {
    object.get(name)?.as_bool()
}

pub(super) fn object<'a>(object: &'a Members, name: &str) -> Option<&'a Members> {
    object.get(name)?.as_object()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::documented::Task;

    #[test]
    fn what_has_another_type_is_absent() {
        let row = json!({
            "task_id": "t", "status": 7, "progress": "", "submit_time": 108_900.0,
            "start_time": "5", "finish_time": 0.5, "result_url": null,
            "data": {"draft": "yes", "generate_audio": true, "content": [], "frames": 1},
        });
        let task = Task::of_json(row.as_object().unwrap());
        assert_eq!(task.task_id.as_deref(), Some("t"));
        assert_eq!((task.status, task.result_url), (None, None));
        assert_eq!(task.progress.as_deref(), Some(""));
        assert_eq!(task.submit_time, Some(108_900));
        assert_eq!((task.start_time, task.finish_time), (None, None));
        let upstream = task.data.unwrap();
        assert_eq!(
            (upstream.draft, upstream.generate_audio),
            (None, Some(true))
        );
        assert!(upstream.content.is_none());
        assert_eq!(upstream.frames, Some(1));
        for data in [json!(null), json!([]), json!("text")] {
            let row = json!({ "data": data });
            assert!(Task::of_json(row.as_object().unwrap()).data.is_none());
        }
    }
}
