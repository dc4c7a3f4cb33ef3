//! What the page is in front of.

use serde::Serialize;

use seedance_mock::{Scenario, task_id};
use seedance_query::{
    model::{name, operation, pointers},
    redact,
    validate::operations::SUBMIT_TASK,
};

/// The gateway that the page sends requests to.
#[derive(Debug)]
pub struct Backend(Settings);

/// What the page is told.
#[derive(Debug, Serialize)]
struct Settings {
    /// The gateway's address; none for the mock.
    gateway: Option<String>,
    /// The mock's key, unless it is one of the user's own.
    key: Option<String>,
    /// What the mock can do.
    tasks: Vec<MockTask>,
    query_path: &'static str,
    submit_path: &'static str,
    id_parameter: &'static str,
    /// Where the reply to a submission has the id to query, the best place first.
    id_members: [&'static str; 2],
    /// The gateway's own address of a video, which needs the key.
    content_path: &'static str,
    /// Where the answers to queries, of any form, have the URL of the video, the best place first.
    video_pointers: Vec<String>,
}

#[derive(Debug, Serialize)]
struct MockTask {
    name: &'static str,
    description: &'static str,
    is_fault: bool,
    /// One task; the number at the end tells others apart.
    task_id: String,
}

impl Backend {
    /// A gateway behind the proxy.
    #[must_use]
    pub fn gateway(url: &str) -> Self {
        Self::new(Some(redact::text(url).into_owned()), None, Vec::new())
    }

    /// The mock, and its key if everyone may know it.
    #[must_use]
    pub fn mock(key: Option<&str>) -> Self {
        let tasks = Scenario::all().map(|scenario| MockTask {
            name: scenario.name(),
            description: scenario.description(),
            is_fault: matches!(scenario, Scenario::Fault(_)),
            task_id: task_id(scenario, 1).to_string(),
        });
        Self::new(None, key.map(str::to_owned), tasks.collect())
    }

    fn new(gateway: Option<String>, key: Option<String>, tasks: Vec<MockTask>) -> Self {
        Self(Settings {
            gateway,
            key,
            tasks,
            query_path: operation::QUERY.as_str(),
            submit_path: SUBMIT_TASK.path(),
            id_parameter: name::TASK_ID,
            id_members: [name::TASK_ID, name::ID],
            content_path: operation::CONTENT.as_str(),
            video_pointers: video_pointers(),
        })
    }

    /// As JSON.
    pub(super) fn to_json(&self) -> String {
        // All keys are strings.
        serde_json::to_string(&self.0).unwrap_or_default()
    }
}

fn video_pointers() -> Vec<String> {
    let pointer = |members: &[&str]| format!("/{}", members.join("/"));
    vec![
        pointers::DATA_RESULT_URL.to_owned(),
        pointers::DATA_DATA_CONTENT_VIDEO_URL.to_owned(),
        // On older gateways.
        pointers::DATA_FAIL_REASON.to_owned(),
        pointer(&[name::RESULT_URL]),
        pointer(&[name::METADATA, name::URL]),
        pointer(&[name::URL]),
        pointer(&[name::CONTENT, "0", name::VIDEO_URL, name::URL]),
        pointer(&[name::CONTENT, name::VIDEO_URL]),
    ]
}
