//! A task id as people hand it over: in a URL, in JSON, with something around it.

use serde_json::Value;
use url::Url;

use super::{
    name,
    operation::operations,
    task_id::{InvalidTaskId, TaskId},
};

impl TaskId {
    /// Reads an id as a person gives it, in an argument or as a line of a file.
    ///
    /// Understood besides the bare id: blanks, quotes and commas around it, a comment behind it
    /// (` # …`), the URL or path of a query, and the JSON that a submit call answers or that a
    /// query does. What stands for an id, such as `{task_id}`, is refused, as is anything with
    /// blanks in it.
    ///
    /// # Errors
    ///
    /// If no id can be told from the text; the message says what to write.
    ///
    /// # Examples
    ///
    /// ```
    /// use seedance_query::TaskId;
    ///
    /// let id: TaskId = "asyntask_1".parse()?;
    /// for text in [
    ///     "  'asyntask_1',  # the first one",
    ///     "https://gateway.example/v1/video/generations/asyntask_1",
    ///     r#"{"id":"asyntask_1","object":"video"}"#,
    /// ] {
    ///     assert_eq!(TaskId::from_input(text)?, id);
    /// }
    /// assert!(TaskId::from_input("{task_id}").is_err());
    /// # Ok::<(), seedance_query::InvalidTaskId>(())
    /// ```
    pub fn from_input(text: &str) -> Result<Self, InvalidTaskId> {
        let text = without_comment(text).trim_matches(is_around);
        if text.starts_with(['{', '['])
            && let Ok(json) = serde_json::from_str::<Value>(text)
        {
            let id = in_json(&json).ok_or(InvalidTaskId::new(
                "the task id is JSON without a task id in it; give the id that the submit call returned",
            ))?;
            return Self::from_text(id);
        }
        if text.contains("://") || text.starts_with("/v1/") {
            return Self::from_text(&in_url(text)?);
        }
        Self::from_text(text)
    }

    fn from_text(text: &str) -> Result<Self, InvalidTaskId> {
        match fault(text) {
            Some(fault) => Err(InvalidTaskId::new(fault)),
            None => text.to_owned().try_into(),
        }
    }

    /// The id in an answer to a submit call or a query, with or without an envelope.
    pub(crate) fn in_json(json: &Value) -> Option<Self> {
        Self::from_text(in_json(json)?).ok()
    }

    /// Why no gateway can know this id, if that can be told.
    pub(crate) fn fault(&self) -> Option<InvalidTaskId> {
        fault(self.as_str()).map(InvalidTaskId::new)
    }
}

/// A line without what stands behind ` #`, or from `#` on at its beginning.
fn without_comment(line: &str) -> &str {
    let starts = line.match_indices('#').map(|(at, _)| at);
    let end = starts.into_iter().find(|at| {
        line[..*at]
            .chars()
            .next_back()
            .is_none_or(char::is_whitespace)
    });
    &line[..end.unwrap_or(line.len())]
}

fn is_around(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '"' | '\'' | '`' | ',' | ';' | '“' | '”' | '\u{feff}' | '\u{200b}'
        )
}

/// The id in an answer to a submit call or a query, with or without an envelope.
fn in_json(json: &Value) -> Option<&str> {
    if let [only] = json.as_array().map_or(&[][..], Vec::as_slice) {
        return only.as_str().or_else(|| in_json(only));
    }
    [name::TASK_ID, "taskId", name::ID]
        .iter()
        .find_map(|name| {
            json.get(name)
                .and_then(Value::as_str)
                .filter(|id| !id.is_empty())
        })
        .or_else(|| in_json(json.get(name::DATA).filter(|data| data.is_object())?))
}

/// The id in the path of a query or of its sister operations.
fn in_url(text: &str) -> Result<String, InvalidTaskId> {
    let path = match Url::parse(text) {
        Ok(url) => url.path().to_owned(),
        Err(_) => text.split(['?', '#']).next().unwrap_or_default().to_owned(),
    };
    let path = path.trim_end_matches('/');
    let mut operations = operations();
    let id = operations.find_map(|operation| operation.id_below(path));
    id.map(|id| id.to_string()).ok_or(InvalidTaskId::new(
        "the task id is a URL without a task id; give the id that the submit call returned",
    ))
}

/// Why a text is no task id, and what to write instead.
fn fault(text: &str) -> Option<&'static str> {
    let lower = text.to_ascii_lowercase();
    let name = lower
        .trim_start_matches("asyntask_")
        .trim_start_matches("task_");
    let is_filler = |c: char| matches!(c, 'x' | '.' | '…' | '*');
    Some(if text.is_empty() {
        "the task id is empty; give the id that the submit call returned"
    } else if matches!(text, "." | "..") {
        "the task id cannot stand in a URL; give the id that the submit call returned"
    } else if text.starts_with(['{', '<', '$', ':'])
        || lower.starts_with("your_")
        || lower.starts_with("your-")
        || [name::TASK_ID, "taskid", "task-id", name::ID].contains(&lower.as_str())
        || (!name.is_empty() && name.chars().all(is_filler))
    {
        "the task id is a placeholder; write the id that the submit call returned in its place"
    } else if text.contains(char::is_whitespace) {
        "the task id has blanks in it; give each id by itself"
    } else if text.contains(char::is_control) {
        "the task id has control characters in it; copy it again"
    } else if lower.starts_with("sk-") || lower.starts_with("bearer") {
        "the task id looks like an API key; the key goes into SEEDANCE_API_KEY"
    } else {
        return None;
    })
}

#[cfg(test)]
mod tests {
    use crate::model::TaskId;

    #[test]
    fn understands_what_people_hand_over() {
        for (text, id) in [
            ("asyntask_1", "asyntask_1"),
            (" asyntask_1\r\n", "asyntask_1"),
            ("\"asyntask_1\",", "asyntask_1"),
            ("asyntask_1 # the first", "asyntask_1"),
            ("asyntask_1\t# the first", "asyntask_1"),
            ("asyntask#1", "asyntask#1"),
            ("cgt-20260427191505-9j2q7", "cgt-20260427191505-9j2q7"),
            (
                "0b9f1c9e-5d0e-4a53-8d0a-6c9b1f0f2a11",
                "0b9f1c9e-5d0e-4a53-8d0a-6c9b1f0f2a11",
            ),
            ("1780000000", "1780000000"),
            (
                "https://gateway.example/x/v1/video/generations/asyntask_1?format=ni",
                "asyntask_1",
            ),
            ("/v1/video/generations/task%2F%C3%BC%2B+", "task/ü++"),
            ("https://gateway.example/v1/videos/task_1/content", "task_1"),
            ("https://gateway.example/v1/videos/task_1/", "task_1"),
            (
                "https://gateway.example/v1/generation/tasks/task_1",
                "task_1",
            ),
            (r#"{"id":"gen-1","status":"processing"}"#, "gen-1"),
            (
                r#"{"id":"video_1","task_id":"asyntask_1","object":"video"}"#,
                "asyntask_1",
            ),
            (
                r#"{"code":"success","message":"","data":{"task_id":"asyntask_1"}}"#,
                "asyntask_1",
            ),
            (r#"["asyntask_1"]"#, "asyntask_1"),
            (r#""asyntask_1""#, "asyntask_1"),
        ] {
            assert_eq!(TaskId::from_input(text).unwrap().as_str(), id, "{text}");
        }
    }

    #[test]
    fn refuses_the_rest_and_says_what_to_write() {
        for (text, message) in [
            ("", "is empty"),
            ("# nothing but a comment", "is empty"),
            ("''", "is empty"),
            ("..", "cannot stand in a URL"),
            ("{task_id}", "is a placeholder"),
            ("<id>", "is a placeholder"),
            ("$TASK_ID", "is a placeholder"),
            (":task_id", "is a placeholder"),
            ("YOUR_TASK_ID", "is a placeholder"),
            ("your-task-id", "is a placeholder"),
            ("task_id", "is a placeholder"),
            ("asyntask_...", "is a placeholder"),
            ("asyntask_xxxxxxxx", "is a placeholder"),
            ("asyntask_1 asyntask_2", "has blanks in it"),
            ("curl https://gateway.example", "is a URL without a task id"),
            ("asyntask_1\u{7}", "has control characters"),
            ("sk-live-51Hsecret", "looks like an API key"),
            (
                "https://storage.example/v.mp4?X-Tos-Signature=c0ffee",
                "is a URL without",
            ),
            (
                "https://gateway.example/v1/video/generations/",
                "is a URL without",
            ),
            (
                "https://gateway.example/v1/video/generations/{task_id}",
                "is a placeholder",
            ),
            (r#"{"status":"submitted"}"#, "is JSON without"),
            (r#"["a","b"]"#, "is JSON without"),
        ] {
            let error = TaskId::from_input(text).unwrap_err().to_string();
            assert!(
                error.starts_with(&format!("the task id {message}")),
                "{text}: {error}"
            );
            assert!(!error.contains("secret") && !error.contains("c0ffee"));
        }
    }
}
