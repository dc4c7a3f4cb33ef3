//! Which operation is the task query, and what else there is one operation for.

use serde_json::Value;

use super::{operation::Operation, pointer::Pointer, problem::Problem};

/// What marks the operation that the library is about.
pub const TASK_QUERY: &str = "x-task-query";
/// What marks the operation that answers with the video of a task.
pub(crate) const VIDEO_CONTENT: &str = "x-video-content";
/// The id of the task query in a document without that mark.
pub const TASK_QUERY_ID: &str = "query_task";

/// One operation answers with the video, and one tells of a task in each form.
pub(crate) fn one_for_each(operations: &[Operation]) -> Result<(), Problem> {
    let mut videos = operations.iter().filter(|one| one.is_video_content);
    if let Some(second) = videos.nth(1) {
        let message = "another operation answers with the video already";
        return Err(Problem::at(&second.at.join(VIDEO_CONTENT), message));
    }
    for (index, operation) in operations.iter().enumerate() {
        let same = |other: &&Operation| operation.form.is_some() && other.form == operation.form;
        if let Some(first) = operations[..index].iter().find(same) {
            let message = format!("{} tells of a task in this form already", first.path);
            return Err(Problem::at(&operation.at.join("responses"), message));
        }
    }
    Ok(())
}

/// The one place that says which operation the library is about: the one that is marked, else the
/// one with the usual id, else the only one.
pub(crate) fn task_query(document: &Value, operations: &[Operation]) -> Result<usize, Problem> {
    let all = operations.iter().enumerate();
    let mut marked = Vec::new();
    for (index, operation) in all.clone() {
        match operation.json(document).get(TASK_QUERY) {
            None => {}
            Some(mark) if mark == true => marked.push(index),
            Some(mark) => {
                let message = format!("{mark} is not a value of `{TASK_QUERY}`");
                return Err(Problem::at(&operation.at.join(TASK_QUERY), message));
            }
        }
    }
    let at = Pointer::root().join("paths");
    let query = match (marked.as_slice(), operations) {
        ([query], _) => *query,
        ([_, second, ..], _) => {
            let at = operations[*second].at.join(TASK_QUERY);
            return Err(Problem::at(&at, "there is more than one task query"));
        }
        ([], []) => return Err(Problem::at(&at, "the document has no operation")),
        ([], [_]) => 0,
        ([], _) => {
            let mut usual =
                all.filter(|(_, operation)| operation.id.as_deref() == Some(TASK_QUERY_ID));
            let usual = usual.next().map(|(index, _)| index);
            let message = format!(
                "none of the {} operations is the task query: mark it with `{TASK_QUERY}: true`",
                operations.len()
            );
            usual.ok_or_else(|| Problem::at(&at, message))?
        }
    };
    if operations[query].success().is_none() {
        return Err(Problem::at(
            &operations[query].at.join("responses"),
            "the task query needs a 2xx response with JSON content",
        ));
    }
    Ok(query)
}
