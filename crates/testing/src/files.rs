//! The bodies in `tests/`.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use seedance_query::{
    OPENAPI, Report, capture::Capture, validate, validate_exchange, validate_response,
};

/// A body, and what the validator says of it.
#[derive(Clone)]
pub struct Body {
    pub name: String,
    /// The HTTP status, if it is a capture.
    pub status: Option<u16>,
    pub bytes: Vec<u8>,
    pub report: Report,
}

/// The root of the repository.
pub fn root() -> &'static Path {
    static ROOT: LazyLock<PathBuf> = LazyLock::new(|| {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        here.ancestors().nth(2).unwrap().to_owned()
    });
    &ROOT
}

/// Makes the root of the repository the working directory, as it is for a user who checks it.
pub fn enter_root() {
    std::env::set_current_dir(root()).unwrap();
}

/// The files below a directory, in order.
pub fn files(directory: &str) -> Vec<PathBuf> {
    let mut files = Vec::new();
    collect(&root().join(directory), &mut files);
    files.sort();
    assert!(!files.is_empty(), "{directory} is empty");
    files
}

fn collect(directory: &Path, files: &mut Vec<PathBuf>) {
    let entries =
        fs::read_dir(directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    for path in entries.map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}

/// Reads a capture or a bare body and validates it.
pub fn read(path: &Path) -> Body {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let bytes = fs::read(path).unwrap();
    if Capture::is_like(&bytes) {
        let capture = Capture::parse(&bytes).unwrap_or_else(|error| panic!("{name}, {error}"));
        Body {
            report: match &capture.request {
                Some(request) => {
                    validate_exchange(&request.target, capture.status.as_u16(), &capture.body)
                }
                None => validate_response(capture.status.as_u16(), &capture.body),
            },
            status: Some(capture.status.as_u16()),
            bytes: capture.body,
            name,
        }
    } else {
        Body {
            report: validate(&bytes),
            status: None,
            bytes,
            name,
        }
    }
}

pub fn read_all(directory: &str) -> Vec<Body> {
    files(directory).iter().map(|path| read(path)).collect()
}

/// The body of a capture in `tests/captures`.
pub fn captured_body(name: &str) -> Vec<u8> {
    read(&root().join("tests/captures").join(name)).bytes
}

/// The captures of a directory, in the order of their names; nothing else may be there.
pub fn captures(directory: &Path) -> Vec<(PathBuf, Capture)> {
    let entries = fs::read_dir(directory).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let read = |path: PathBuf| {
        let capture = Capture::parse(&fs::read(&path).unwrap()).unwrap();
        (path, capture)
    };
    paths.into_iter().map(read).collect()
}

/// Where insta keeps its snapshots, and how it names them.
pub fn snapshots() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root().join("snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

/// Where the document begins to speak of other operations than the task query, and where it goes on.
const OTHER_OPERATIONS: [(&str, &str); 4] = [
    ("  /v1/videos/{task_id}:\n", "components:\n"),
    ("    VideoObject:\n      type: object", "    ErrorBody:\n"),
    ("    SubmittedTaskId:\n", "    SubmitReply:\n"),
    (
        "    VideoQueued:\n      summary",
        "    CodeError:\n      summary",
    ),
];

/// The document after edits, each of which has one place in what is said of the task query.
pub fn edited(edits: &[(&str, &str)]) -> String {
    edits.iter().fold(OPENAPI.to_owned(), |text, (old, new)| {
        let parts = of_task_query(&text);
        let own = parts.iter().filter(|(_, is_own)| *is_own);
        let count: usize = own.map(|(part, _)| part.matches(old).count()).sum();
        assert_eq!(count, 1, "{old:?} has to stand in the document once");
        let parts = parts.into_iter().map(|(part, is_own)| {
            if is_own {
                part.replacen(old, new, 1)
            } else {
                part.to_owned()
            }
        });
        parts.collect()
    })
}

/// The document in parts, each with whether it is about the task query.
fn of_task_query(text: &str) -> Vec<(&str, bool)> {
    let (mut parts, mut rest) = (Vec::new(), text);
    for (start, end) in OTHER_OPERATIONS {
        let start = rest.find(start).expect(start);
        let end = start + rest[start..].find(end).expect(end);
        parts.push((&rest[..start], true));
        parts.push((&rest[start..end], false));
        rest = &rest[end..];
    }
    parts.push((rest, true));
    parts
}
