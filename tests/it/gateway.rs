//! The answers of the open-source gateway in all three forms: sound ones hardly raise a finding, odd
//! ones one at the odd place, whether it is known which operation has answered or not.

use std::fmt::Write as _;

use seedance_query::{
    Report, Rule, Severity, TaskForm, TaskState, Verdict, validate::ParsedBody, validate_exchange,
    validate_response,
};
use serde_json::{Value, json};

const REASON: &str =
    "The request failed because the output video may contain sensitive information.";

/// What became of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Story {
    Finished,
    /// Moderation has refused the video.
    Refused,
    /// The upstream alone has ended, with this word.
    Cancelled(&'static str),
    /// Finished, but the upstream has no URL.
    WithoutUrl,
}

/// A task of such a gateway at some point of its story.
#[derive(Clone, Debug)]
struct Task {
    story: Story,
    /// Whether its channel keeps the upstream's answer to itself.
    is_white_label: bool,
    /// The row's status and progress.
    status: &'static str,
    progress: u64,
    id: String,
    number: u64,
    time: u64,
    model: &'static str,
}

impl Task {
    fn has_ended(&self) -> bool {
        self.progress == 100
    }

    fn has_video(&self) -> bool {
        self.has_ended() && matches!(self.story, Story::Finished | Story::WithoutUrl)
    }

    fn content(&self) -> String {
        format!("https://gateway.example/v1/videos/{}/content", self.id)
    }

    fn upstream_url(&self) -> String {
        format!(
            "https://store.example/video/{}.mp4?X-Tos-Algorithm=TOS4-HMAC-SHA256&X-Tos-Expires=86400\
             &X-Tos-Date=20260528T202910Z&X-Tos-Signature=abc",
            self.number
        )
    }

    fn url(&self) -> String {
        match (self.story, self.is_white_label) {
            (Story::Finished, false) => self.upstream_url(),
            _ => self.content(),
        }
    }

    fn reason(&self) -> &'static str {
        if self.is_white_label {
            "The task failed."
        } else {
            REASON
        }
    }

    fn changed(&self) -> u64 {
        self.time
            + if self.progress == 0 {
                0
            } else {
                30 + self.number % 300
            }
    }

    /// The upstream's answer so far.
    fn upstream(&self) -> Value {
        let id = format!("cgt-20260529{:06}-k7m2x", self.number % 1_000_000);
        if self.progress == 0 {
            return json!({ "id": id });
        }
        let mut answer = json!({
            "id": id, "model": self.model, "created_at": self.time, "updated_at": self.changed(),
            "draft": false, "execution_expires_after": 172_800, "generate_audio": true,
            "priority": 0, "service_tier": "default", "status": "running",
        });
        if let Story::Cancelled(word) = self.story {
            answer["status"] = word.into();
        } else if self.has_video() {
            answer["status"] = "succeeded".into();
            answer["content"] = json!({ "video_url": self.upstream_url() });
            if self.story == Story::WithoutUrl {
                answer["content"] = json!({});
            }
            for (name, value) in [
                ("duration", json!(5)),
                ("framespersecond", json!(24)),
                ("ratio", json!("16:9")),
                ("resolution", json!("720p")),
                ("seed", json!(self.number)),
                ("usage", usage()),
            ] {
                answer[name] = value;
            }
        } else if self.has_ended() {
            answer["status"] = "failed".into();
            answer["error"] =
                json!({ "code": "OutputVideoSensitiveContentDetected", "message": REASON });
        }
        answer
    }

    fn row(&self) -> Value {
        let mut properties = json!({ "input": "", "origin_model_name": self.model });
        if !self.is_white_label {
            properties["upstream_model_name"] = self.model.into();
        }
        let has_started = (30..100).contains(&self.progress);
        let mut row = json!({
            "id": self.number, "created_at": self.time, "updated_at": self.changed(),
            "task_id": self.id, "platform": if self.is_white_label { "107" } else { "54" },
            "user_id": 1, "group": "default", "channel_id": self.number % 9, "quota": 5_750_000,
            "action": "generate", "status": self.status, "fail_reason": "",
            "submit_time": self.time,
            "start_time": if has_started { self.changed() } else { 0 },
            "finish_time": if self.has_ended() { self.changed() } else { 0 },
            "progress": format!("{}%", self.progress), "properties": properties,
            "data": if self.is_white_label { Value::Null } else { self.upstream() },
        });
        if self.has_video() {
            row["result_url"] = self.url().into();
            row["usage"] = usage();
        } else if self.has_ended() {
            row["fail_reason"] = self.reason().into();
            if !self.is_white_label {
                row["result_url"] = self.reason().into();
            }
        }
        json!({ "code": "success", "message": "", "data": row })
    }

    fn video_object(&self) -> Value {
        let status = match self.status {
            "NOT_START" => "unknown",
            "QUEUED" => "queued",
            "IN_PROGRESS" => "in_progress",
            "SUCCESS" => "completed",
            _ => "failed",
        };
        let mut video = json!({
            "id": self.id, "task_id": self.id, "object": "video", "model": self.model,
            "status": status, "progress": self.progress, "created_at": self.time,
            "completed_at": self.changed(),
        });
        if !self.is_white_label {
            video["metadata"] = json!({ "url": "" });
        }
        if self.has_video() {
            video["usage"] = usage();
            if self.is_white_label || self.story == Story::Finished {
                video["metadata"] = json!({ "url": self.url() });
            }
        } else if self.has_ended() {
            let code = if self.is_white_label {
                ""
            } else {
                "OutputVideoSensitiveContentDetected"
            };
            video["error"] = json!({ "message": self.reason(), "code": code });
        }
        video
    }

    fn content_list(&self) -> Value {
        let mut list = json!({ "id": self.id, "status": "processing" });
        if self.has_video() {
            list["status"] = "succeeded".into();
            list["content"] = json!([{ "type": "video_url", "video_url": { "url": self.url() } }]);
            list["usage"] = usage();
        } else if self.has_ended() {
            list["status"] = "failed".into();
            list["error"] = json!({ "message": self.reason(), "code": "" });
        }
        list
    }

    /// The three answers, each with its form and the path that was asked.
    fn answers(&self) -> [(TaskForm, String, Value); 3] {
        let id = &self.id;
        [
            (
                TaskForm::Enveloped,
                format!("/v1/video/generations/{id}"),
                self.row(),
            ),
            (
                TaskForm::VideoObject,
                format!("/v1/videos/{id}?x=1"),
                self.video_object(),
            ),
            (
                TaskForm::ContentList,
                format!("/v1/generation/tasks/{id}"),
                self.content_list(),
            ),
        ]
    }

    fn state(&self) -> TaskState {
        match (self.has_ended(), self.has_video()) {
            (true, true) => TaskState::Succeeded,
            (true, false) => TaskState::Failed,
            _ => TaskState::Pending,
        }
    }

    /// The one place of the row that is odd, and what is found there.
    fn odd_place(&self) -> Option<(Rule, &'static str)> {
        if self.is_white_label {
            return None;
        }
        match self.story {
            Story::Refused if self.has_ended() => Some((Rule::ErrorTextAsUrl, "/data/result_url")),
            Story::WithoutUrl if self.has_ended() => {
                Some((Rule::OmittedField, "/data/data/content/video_url"))
            }
            Story::Cancelled(_) if self.progress > 0 => {
                Some((Rule::UpstreamStatus, "/data/data/status"))
            }
            _ => None,
        }
    }
}

fn usage() -> Value {
    json!({ "completion_tokens": 108_900, "total_tokens": 108_900 })
}

/// Tasks of all stories, channels and states, with other ids, times and models in each.
fn tasks() -> Vec<Task> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    const MODELS: [&str; 4] = [
        "doubao-seedance-2-0-260128",
        "dreamina-seedance-2-0-260128",
        "seedance-2.0-fast",
        "doubao-seedance-1-5-pro-251215",
    ];
    let mut random: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut next = move || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random >> 11
    };
    let stories = [
        Story::Finished,
        Story::Refused,
        Story::WithoutUrl,
        Story::Cancelled("cancelled"),
        Story::Cancelled("expired"),
    ];
    let mut tasks = Vec::new();
    for story in stories {
        let ended = match story {
            Story::Refused => ("FAILURE", 100),
            Story::Cancelled(_) => ("IN_PROGRESS", 30),
            _ => ("SUCCESS", 100),
        };
        for is_white_label in [false, true] {
            for (status, progress) in [
                ("NOT_START", 0),
                ("QUEUED", 0),
                ("IN_PROGRESS", 30),
                ("IN_PROGRESS", 50),
                ended,
            ] {
                for _ in 0..3 {
                    let mut id = "task_".to_owned();
                    for _ in 0..32 {
                        let index = usize::try_from(next()).unwrap_or_default() % LETTERS.len();
                        id.push(LETTERS[index].into());
                    }
                    tasks.push(Task {
                        story,
                        is_white_label,
                        status,
                        progress,
                        id,
                        number: 1 + next() % 100_000,
                        time: 1_779_900_000 + next() % 1_000_000,
                        model: MODELS[usize::try_from(next()).unwrap_or_default() % MODELS.len()],
                    });
                }
            }
        }
    }
    tasks
}

fn assert_sound(report: &Report, at_most: usize, what: &str) {
    let findings = report.findings();
    let errors = findings
        .iter()
        .filter(|finding| finding.severity() == Severity::Error);
    assert_eq!(errors.count(), 0, "{what}: {report:#?}");
    assert!(findings.len() <= at_most, "{what}: {report:#?}");
}

#[test]
fn sound_answers_raise_at_most_one_finding_and_odd_ones_are_named_at_their_place() {
    let (mut table, mut answers) = ([0; 4], 0);
    for task in tasks() {
        for (form, path, body) in task.answers() {
            let text = body.to_string();
            let what = format!("{form:?} of {task:?}: {body:#}");
            let view = ParsedBody::new(Some(200), text.as_bytes()).view();
            let view = view.unwrap_or_else(|| panic!("tells of no task: {what}"));
            assert_eq!((view.form, view.state), (form, task.state()), "{what}");
            assert_eq!(
                view.task_id.map(|id| id.as_str().to_owned()).as_ref(),
                Some(&task.id)
            );

            let odd = task.odd_place().filter(|_| form == TaskForm::Enveloped);
            let at_most = if odd.is_some() { 3 } else { 1 };
            let unknown = validate_response(200, text.as_bytes());
            let known = validate_exchange(&path, 200, text.as_bytes());
            for report in [&unknown, &known] {
                assert_sound(report, at_most, &what);
                if let Some((rule, place)) = odd {
                    let mut findings = report.findings().iter();
                    let is_named =
                        findings.any(|finding| finding.rule == rule && finding.pointer == place);
                    assert!(is_named, "{what}: {report:#?}");
                }
            }
            // Where the operation is known, its own form is no other form.
            if form != TaskForm::Enveloped {
                assert_eq!(known.verdict(), Verdict::Conforms, "{what}: {known:#?}");
                assert_eq!(unknown.findings()[0].rule, Rule::OtherForm, "{what}");
            }
            table[known.findings().len()] += 1;
            answers += 1;
        }
    }
    let mut line = format!("{answers} answers of the gateway to a known request:");
    for (findings, count) in table.iter().enumerate() {
        let _ = write!(line, " {count} with {findings} findings,");
    }
    println!("{}", line.trim_end_matches(','));
}

/// A finished task with a plain channel.
fn finished() -> Task {
    let mut tasks = tasks().into_iter();
    let is_it =
        |task: &Task| task.story == Story::Finished && task.has_ended() && !task.is_white_label;
    tasks.find(is_it).unwrap()
}

#[test]
fn a_fault_in_a_sister_form_is_named_at_its_place_by_its_own_schema() {
    let task = finished();
    let [_, (_, video_path, video), (_, list_path, list)] = task.answers();
    let changed = |body: &Value, pointer: &str, value: Value| {
        let mut body = body.clone();
        *body.pointer_mut(pointer).unwrap() = value;
        body
    };
    let renamed = |body: &Value, old: &str, new: &str| {
        let mut body = body.clone();
        let members = body.as_object_mut().unwrap();
        let value = members.remove(old).unwrap();
        members.insert(new.to_owned(), value);
        body
    };
    for (path, body, rule, pointer, related) in [
        (
            &video_path,
            changed(&video, "/progress", json!("100%")),
            Rule::WrongType,
            "/progress",
            None,
        ),
        (
            &video_path,
            changed(&video, "/progress", json!(101)),
            Rule::ImpossibleValue,
            "/progress",
            None,
        ),
        (
            &video_path,
            changed(&video, "/status", json!("succeeded")),
            Rule::UndocumentedValue,
            "/status",
            None,
        ),
        (
            &video_path,
            changed(&video, "/metadata/url", json!(7)),
            Rule::WrongType,
            "/metadata/url",
            None,
        ),
        (
            &video_path,
            renamed(&video, "model", "model_name"),
            Rule::OmittedField,
            "/model",
            Some("/model_name"),
        ),
        (
            &video_path,
            renamed(&video, "created_at", "createdAt"),
            Rule::OtherSpelling,
            "/createdAt",
            Some("/created_at"),
        ),
        (
            &video_path,
            renamed(&video, "usage", "usages"),
            Rule::UndocumentedField,
            "/usages",
            Some("/usage"),
        ),
        (
            &list_path,
            changed(&list, "/content/0/type", json!("video")),
            Rule::UndocumentedValue,
            "/content/0/type",
            None,
        ),
        (
            &list_path,
            changed(&list, "/content/0/video_url", json!({})),
            Rule::OmittedField,
            "/content/0/video_url/url",
            None,
        ),
        (
            &list_path,
            changed(&list, "/usage/total_tokens", json!("many")),
            Rule::WrongType,
            "/usage/total_tokens",
            None,
        ),
    ] {
        let report = validate_exchange(path, 200, body.to_string().as_bytes());
        let findings = report.findings();
        let found: Vec<_> = findings
            .iter()
            .map(|finding| {
                (
                    finding.rule,
                    finding.pointer.as_str(),
                    finding.related.as_deref(),
                )
            })
            .collect();
        assert_eq!(found.len(), 1, "{body:#}: {findings:#?}");
        assert_eq!((found[0].0, found[0].1), (rule, pointer), "{findings:#?}");
        if related.is_some() {
            assert_eq!(found[0].2, related, "{findings:#?}");
        }
        let schema = if path == &video_path {
            "VideoObject"
        } else {
            "ContentList"
        };
        let spec = findings[0].spec.as_deref().unwrap_or_default();
        assert!(
            spec.starts_with("/components/schemas/") || rule == Rule::OtherSpelling,
            "{schema}: {spec}"
        );
    }
    // What is no task at all is judged by the schema of the operation that was asked.
    let report = validate_exchange(&video_path, 200, b"{}");
    assert!(
        report
            .findings()
            .iter()
            .any(|finding| finding.pointer == "/id"),
        "{report:#?}"
    );
}

#[test]
fn an_answer_in_the_form_of_another_operation_is_said_to_be_one() {
    let task = finished();
    let [
        (_, row_path, row),
        (_, video_path, video),
        (_, list_path, _),
    ] = task.answers();
    for (path, body) in [
        (&row_path, &video),
        (&list_path, &video),
        (&video_path, &row),
    ] {
        let report = validate_exchange(path, 200, body.to_string().as_bytes());
        let rules: Vec<Rule> = report
            .findings()
            .iter()
            .map(|finding| finding.rule)
            .collect();
        assert!(rules.contains(&Rule::OtherForm), "{path}: {report:#?}");
        assert!(
            !report
                .findings()
                .iter()
                .any(|one| one.severity() == Severity::Error)
        );
    }
    let report = validate_exchange("/v1/videos/task_other", 200, video.to_string().as_bytes());
    let found = &report.findings()[0];
    assert_eq!(
        (found.rule, found.pointer.as_str()),
        (Rule::OtherTask, "/task_id"),
        "{report:#?}"
    );
}

#[test]
fn errors_and_the_content_address_are_judged_by_their_operation() {
    let content = "/v1/videos/task_1/content";
    let error =
        br#"{"error":{"message":"Task is not completed yet","type":"invalid_request_error"}}"#;
    for (path, status, body, expected) in [
        (content, 400, &error[..], &[][..]),
        (content, 429, b"", &[]),
        (content, 302, b"", &[]),
        (content, 200, b"\0\0\0\x18ftypmp42", &[]),
        (content, 410, error, &[]),
        (content, 451, error, &[Rule::UndocumentedHttpStatus]),
        ("/v1/video/generations/task_1/content", 503, error, &[]),
        ("/v1/videos/task_1", 404, error, &[]),
        (
            "/v1/videos/task_1",
            410,
            error,
            &[Rule::UndocumentedHttpStatus],
        ),
        (content, 200, error, &[Rule::HttpStatusMismatch]),
        ("/v1/videos/task_1", 200, error, &[Rule::HttpStatusMismatch]),
    ] {
        let report = validate_exchange(path, status, body);
        let rules: Vec<Rule> = report
            .findings()
            .iter()
            .map(|finding| finding.rule)
            .collect();
        assert_eq!(rules, expected, "{path} {status}: {report:#?}");
    }
}
