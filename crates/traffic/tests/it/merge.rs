//! Parts of summaries: merged in any way, they equal the summary of the whole.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use proptest::prelude::*;
use seedance_query::{Rule, model::Place};
use seedance_testing::files::{files, root};
use seedance_traffic::{
    Baseline, Recordings, Session, Summary, SummaryPart,
    output::{html, json::Json},
    part_schema,
};
use serde_json::{Value, json};

fn part_of(session: Session, paths: &[PathBuf]) -> (Summary, SummaryPart) {
    let recordings = Recordings::new(paths.iter().cloned());
    let mut output = Json::new(io::sink());
    recordings.validate_to_part(session, &mut output).unwrap()
}

/// All that is shown of a summary, but the minute in which the page was made.
fn shown(summary: &Summary) -> (String, String) {
    let text = serde_json::to_string(summary).unwrap();
    let page = html::page(summary).unwrap();
    let (before, after) = page.split_once("Checked on ").unwrap();
    (
        text,
        before.to_owned() + after.split_once(" UTC").unwrap().1,
    )
}

/// The same after it was stored.
fn stored(part: &SummaryPart) -> SummaryPart {
    part.to_string().parse().unwrap()
}

const STATUSES: [&str; 6] = [
    "NOT_START",
    "QUEUED",
    "IN_PROGRESS",
    "SUCCESS",
    "FAILURE",
    "DELETED",
];

/// A line of a recording.
#[derive(Clone, Debug)]
struct Line {
    task: u8,
    status: usize,
    progress: u8,
    /// When the task last changed, if the body tells.
    updated: Option<u8>,
    /// An undocumented member, or a part that is missing.
    odd: u8,
}

impl Line {
    fn text(&self) -> String {
        let status = STATUSES[self.status];
        let mut body = json!({"code": "success", "message": "", "data": {
            "task_id": format!("asyntask_{:032}", self.task), "action": "generate",
            "status": status, "submit_time": 1_780_000_000, "start_time": 0, "finish_time": 0,
            "progress": format!("{}%", self.progress), "request_id": "r1",
        }});
        if let Some(updated) = self.updated {
            body["data"]["updated_at"] = json!(1_780_000_000 + i64::from(updated));
        }
        match self.odd {
            0 => body["data"]["mood"] = json!(1),
            1 => body["data"]["submit_time"] = json!("soon"),
            2 => return "{\"code\": ".to_owned(),
            _ => {}
        }
        body.to_string()
    }
}

/// A file: lines, or one capture with a time.
#[derive(Clone, Debug)]
enum File {
    Lines(Vec<Line>),
    Capture(u8, Line),
    Other,
}

impl File {
    fn write(&self, directory: &Path, number: usize) -> PathBuf {
        let (name, text) = match self {
            Self::Lines(lines) => {
                let lines: Vec<String> = lines.iter().map(Line::text).collect();
                (format!("{number}.ndjson"), lines.join("\n"))
            }
            Self::Capture(second, line) => {
                let second = second % 60;
                let head = format!(
                    "HTTP/1.1 200 OK\r\ndate: Tue, 01 Sep 2026 10:05:{second:02} GMT\r\n\r\n"
                );
                (format!("{number}.http"), head + &line.text())
            }
            Self::Other => (format!("{number}.txt"), "a note".to_owned()),
        };
        let path = directory.join(name);
        fs::write(&path, text).unwrap();
        path
    }
}

fn line() -> impl Strategy<Value = Line> {
    let updated = prop::option::of(0..30_u8);
    let parts = (0..3_u8, 0..STATUSES.len(), 0..=100_u8, updated, 0..9_u8);
    parts.prop_map(|(task, status, progress, updated, odd)| Line {
        task,
        status,
        progress,
        updated,
        odd,
    })
}

fn file() -> impl Strategy<Value = File> {
    prop_oneof![
        3 => prop::collection::vec(line(), 0..10).prop_map(File::Lines),
        3 => (any::<u8>(), line()).prop_map(|(second, line)| File::Capture(second, line)),
        1 => Just(File::Other),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn merged_parts_equal_the_whole(
        recordings in prop::collection::vec(file(), 1..7),
        chosen in prop::collection::vec(prop::collection::vec(any::<prop::sample::Index>(), 1..5), 0..5),
        merges in prop::collection::vec(any::<(prop::sample::Index, prop::sample::Index)>(), 12),
        is_reversed: bool,
    ) {
        let directory = tempfile::tempdir().unwrap();
        let paths: Vec<PathBuf> = recordings
            .iter()
            .enumerate()
            .map(|(number, file)| file.write(directory.path(), number))
            .collect();
        let mut order = paths.clone();
        if is_reversed {
            order.reverse();
        }
        let session = || Session::new().with_task_timelines();
        let (summary, whole) = part_of(session(), &order);
        let whole_text = whole.to_string();
        prop_assert_eq!(shown(&whole.summary_with_task_timelines()), shown(&summary));
        prop_assert_eq!(stored(&whole).to_string(), whole_text.clone());

        // Each file by itself, and some in groups that overlap.
        let mut parts: Vec<SummaryPart> = paths
            .iter()
            .map(|path| part_of(Session::new(), std::slice::from_ref(path)).1)
            .collect();
        for group in chosen {
            let group: Vec<PathBuf> = group.iter().map(|index| index.get(&paths).clone()).collect();
            parts.push(part_of(Session::new(), &group).1);
        }
        // A random tree: parts and results of merges merge with each other, again and again.
        for (one, other) in merges {
            let mut merged = stored(one.get(&parts));
            merged.merge(other.get(&parts)).unwrap();
            parts.push(merged);
        }
        let mut all = parts.pop().unwrap();
        for part in &parts {
            all.merge(part).unwrap();
        }
        prop_assert_eq!(all.to_string(), whole_text);
        prop_assert_eq!(shown(&stored(&all).summary_with_task_timelines()), shown(&summary));
    }
}

/// Everything that there is in the tree, one part for each file.
#[test]
fn parts_of_all_known_recordings_equal_the_whole() {
    let mut paths = Vec::new();
    for directory in ["tests/captures", "tests/drift", "tests/timelines"] {
        paths.extend(files(directory));
    }
    let (summary, whole) = part_of(Session::new(), &paths);
    assert!(summary.rules.len() > 30);
    let middle = paths.len() / 2;
    // The file in the middle is in both.
    let mut merged = part_of(Session::new(), &paths[middle..]).1;
    merged
        .merge(&part_of(Session::new(), &paths[..=middle]).1)
        .unwrap();
    assert_eq!(merged.to_string(), whole.to_string());
    assert_eq!(shown(&merged.summary()), shown(&summary));
    let schema: Value = serde_json::from_str(&part_schema()).unwrap();
    let schema = jsonschema::draft202012::new(&schema).unwrap();
    let part: Value = serde_json::from_str(&whole.to_string()).unwrap();
    if let Err(error) = schema.validate(&part) {
        panic!("{error} at {}", error.instance_path());
    }
}

fn capture(directory: &Path, name: &str, progress: u8, second: u32) -> PathBuf {
    let line = Line {
        task: 1,
        status: 2,
        progress,
        updated: None,
        odd: 9,
    };
    let date = format!("Tue, 01 Sep 2026 10:05:{second:02} GMT");
    let path = directory.join(name);
    let text = format!("HTTP/1.1 200 OK\r\ndate: {date}\r\n\r\n{}", line.text());
    fs::write(&path, text).unwrap();
    path
}

/// A part by itself is sound; what contradicts shows once they are merged, at the later poll.
#[test]
fn polls_are_compared_across_parts() {
    let directory = tempfile::tempdir().unwrap();
    let later = capture(directory.path(), "a.http", 60, 40);
    let earlier = capture(directory.path(), "b.http", 70, 20);
    let [mut merged, other] =
        [&later, &earlier].map(|path| part_of(Session::new(), std::slice::from_ref(path)).1);
    for part in [&merged, &other] {
        assert!(
            part.summary()
                .drifts
                .iter()
                .all(|drift| !drift.rule.compares_polls())
        );
    }
    assert_eq!(merged.summary().verdicts.conforms, 1);
    merged.merge(&other).unwrap();
    let summary = merged.summary_with_task_timelines();
    let found = summary
        .drifts
        .iter()
        .find(|drift| drift.rule == Rule::ProgressFell);
    let found = found.unwrap();
    assert_eq!(found.first.input.as_ref(), later.to_str().unwrap());
    assert_eq!(found.first.place, Place::Whole);
    assert!(
        found.example.message.ends_with("/b.http"),
        "{}",
        found.example.message
    );
    assert_eq!((summary.verdicts.conforms, summary.verdicts.drifts), (1, 1));
    assert_eq!((summary.tasks, summary.inputs), (1, 2));
    let [hour] = summary.hours.as_slice() else {
        panic!("{:?}", summary.hours);
    };
    assert_eq!(
        (hour.start, hour.verdicts),
        (1_788_256_800, summary.verdicts)
    );
    let states = summary.lives[0].observed.iter();
    let states: Vec<_> = states
        .map(|state| (state.status.as_str(), state.seconds, state.rules.clone()))
        .collect();
    let expected = [("IN_PROGRESS", Some(20), vec![Rule::ProgressFell])];
    assert_eq!(states, expected);
}

#[test]
fn an_input_is_known_by_its_name_and_its_content() {
    let directory = tempfile::tempdir().unwrap();
    let one = capture(directory.path(), "a.http", 50, 1);
    let copy = directory.path().join("copy.http");
    fs::copy(&one, &copy).unwrap();
    let count = |paths: &[&PathBuf]| {
        let paths: Vec<PathBuf> = paths.iter().copied().cloned().collect();
        part_of(Session::new(), &paths)
    };
    // Twice in a run it is read once; under two names it is two inputs.
    assert_eq!(count(&[&one, &one]).0.responses, 1);
    assert_eq!(count(&[&one, &copy]).0.responses, 2);
    let mut part = count(&[&one]).1;
    part.merge(&count(&[&one, &one]).1).unwrap();
    assert_eq!((part.summary().responses, part.inputs()), (1, 1));
    // What was written to it makes it another input.
    fs::write(
        &one,
        fs::read_to_string(&one).unwrap().replace("50%", "51%"),
    )
    .unwrap();
    part.merge(&count(&[&one]).1).unwrap();
    assert_eq!((part.summary().responses, part.inputs()), (2, 2));
}

#[test]
fn suppressed_findings_stay_suppressed() {
    let known = root().join("tests/drift/9p-numeric-progress.json");
    let other = root().join("tests/drift/9q-string-submit-time.json");
    let (summary, _) = part_of(Session::new(), std::slice::from_ref(&known));
    let baseline = Baseline::of(&summary);
    let session = || {
        let ignored = "time-order".parse().unwrap();
        Session::new().with_baseline(&baseline).ignoring([ignored])
    };
    let (whole, _) = part_of(session(), &[known.clone(), other.clone()]);
    assert!(whole.ignored > 0 && whole.stale.is_empty());
    let mut merged = part_of(session(), &[other]).1;
    assert!(!merged.summary().stale.is_empty());
    merged
        .merge(&part_of(session(), std::slice::from_ref(&known)).1)
        .unwrap();
    assert_eq!(shown(&stored(&merged).summary()), shown(&whole));
    // Without the baseline, the same input has another result.
    let error = merged
        .merge(&part_of(Session::new(), &[known]).1)
        .unwrap_err();
    assert!(error.to_string().contains("other options"), "{error}");
}

#[test]
fn what_is_no_part_is_refused() {
    let path = root().join("tests/captures/normal-720p.http");
    let text = part_of(Session::new(), &[path]).1.to_string();
    let part: Value = serde_json::from_str(&text).unwrap();
    let with = |pointer: &str, value: Value| {
        let mut changed = part.clone();
        *changed.pointer_mut(pointer).unwrap() = value;
        changed.to_string()
    };
    let twice = json!([part["inputs"][0], part["inputs"][0]]);
    for (text, reason) in [
        (String::new(), "empty or cut off"),
        (text[..text.len() / 2].to_owned(), "cut off"),
        ("a note".to_owned(), "not a part of a summary"),
        ("[1]".to_owned(), "not a part of a summary"),
        (r#"{"data": {}}"#.to_owned(), "not a part of a summary"),
        (with("/summary_part", json!(2)), "the format 2"),
        (with("/program", json!("0.0.1")), "version 0.0.1"),
        (
            with("/document", json!("0")),
            "another version of the OpenAPI document",
        ),
        (with("/inputs", json!([])), "is damaged"),
        (with("/inputs", twice), "is there twice"),
        (with("/inputs/0/counts", json!(7)), "is damaged"),
        (with("/inputs/0/id", json!("zz")), "is not a SHA-256"),
        (
            with("/counts/0/fields", json!({"/no": 1})),
            "is not documented",
        ),
        (with("/tasks/polls/0/task", json!("x")), "is not a hash"),
        (
            with("/tasks/polls/0/spans/0/told/status", json!("DONE")),
            "is not a documented value",
        ),
    ] {
        let error = text.parse::<SummaryPart>().unwrap_err().to_string();
        assert!(error.contains(reason), "{reason}: {error}");
    }
    assert!(text.parse::<SummaryPart>().is_ok());
}
