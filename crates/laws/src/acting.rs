//! Laws about what a caller acts on.

use seedance_query::{Shape, TaskState, TaskView, Verdict};
use serde_json::Value;

use super::{json::unambiguous, recorded::Recorded};

/// All laws about the view of a task.
pub fn laws(file: &[u8]) {
    let view = |answer: &Recorded| answer.parsed().view();
    let answer = Recorded::of(file);
    is_sound(&answer, view);
    judging_changes_nothing(&answer);
    form_changes_nothing(&answer, view);
    an_unknown_member_changes_nothing(&answer, view);
    what_conforms_is_understood(&answer, view);
}

/// A video is there only if the task succeeded, and there is something to act on.
pub fn is_sound(answer: &Recorded, view: impl Fn(&Recorded) -> Option<TaskView>) {
    let Some(view) = view(answer) else {
        return;
    };
    assert!(view.is_understood(), "{view:?}\n{}", answer.text());
    if matches!(view.state, TaskState::Pending | TaskState::Failed) {
        assert!(view.result_url.is_none(), "{view:?}\n{}", answer.text());
    }
    if let Some(id) = &view.task_id {
        let again = id.as_str().parse().ok();
        assert_eq!(again.as_ref(), Some(id), "{}", answer.text());
    }
}

/// Acting and judging are two questions: the one does not influence the other.
fn judging_changes_nothing(answer: &Recorded) {
    let judged = answer.parsed();
    let report = judged.report();
    let acted = answer.parsed();
    assert_eq!(judged.view(), acted.view(), "{}", answer.text());
    assert_eq!(acted.report(), report, "{}", answer.text());
}

/// The order of members and the whitespace between them mean nothing.
pub fn form_changes_nothing(answer: &Recorded, view: impl Fn(&Recorded) -> Option<TaskView>) {
    if let Some(value) = unambiguous(&answer.body) {
        let other = answer.with_body(serde_json::to_vec_pretty(&value).unwrap());
        assert_eq!(view(&other), view(answer), "{}", answer.text());
    }
}

/// A member that no document knows costs nothing. The body is then read by another code path, too.
pub fn an_unknown_member_changes_nothing(
    answer: &Recorded,
    view: impl Fn(&Recorded) -> Option<TaskView>,
) {
    if let Some(Value::Object(mut body)) = unambiguous(&answer.body) {
        body.insert("zz_unknown".to_owned(), 1.into());
        let other = answer.with_body(Value::Object(body).to_string());
        assert_eq!(view(&other), view(answer), "{}", answer.text());
    }
}

/// What is as documented is understood, with the video of a finished task.
pub fn what_conforms_is_understood(
    answer: &Recorded,
    view: impl Fn(&Recorded) -> Option<TaskView>,
) {
    let report = answer.parsed().report();
    let Some(shape) = report.shape().filter(|shape| *shape != Shape::Error) else {
        return;
    };
    if report.verdict() == Verdict::Conforms {
        let view = view(answer).unwrap_or_else(|| panic!("no view\n{}", answer.text()));
        assert_eq!(view.shape(), Some(shape), "{}", answer.text());
        assert_eq!(
            view.result_url.is_some(),
            view.state == TaskState::Succeeded,
            "{}",
            answer.text()
        );
    }
}
