//! A directory that exchanges are recorded in.

use std::{fs, path::Path, thread};

use seedance_query::{
    capture::{Capture, Recorder, Request},
    http,
};

fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

fn capture(id: &str, status: u16, body: &str) -> Capture {
    let status = http::StatusCode::from_u16(status).unwrap();
    let mut capture = Capture::new(status, Vec::new(), body);
    capture.request = Some(Request {
        method: "GET".to_owned(),
        target: format!("/v1/video/generations/{id}"),
        headers: vec![("Authorization".to_owned(), b"Bearer abcdef012345".to_vec())],
    });
    capture
}

const PENDING: &str = r#"{"code":"success","data":{"task_id":"t","status":"QUEUED","user_id":7,
    "result_url":"https://a.example/?X-Tos-Signature=c0ffee","fail_reason":"abcdef012345"}}"#;

#[test]
fn names_go_on_from_what_is_there() {
    let directory = tempfile::tempdir().unwrap();
    let directory = directory.path().join("a/b");
    let recorder = Recorder::new(&directory).unwrap();
    recorder.record(&capture("t", 200, PENDING), &[]).unwrap();
    recorder.record(&capture("t", 502, ""), &[]).unwrap();
    recorder
        .clone()
        .record(&capture("u/../t%2F?x=1", 200, PENDING), &[])
        .unwrap();
    assert_eq!((recorder.recorded(), recorder.failed()), (3, 0));
    fs::write(directory.join("t-0041-normal.http"), "someone's").unwrap();
    fs::write(directory.join("t-x-normal.http"), "someone's").unwrap();
    let again = Recorder::new(&directory).unwrap();
    again.record(&capture("t", 200, PENDING), &[]).unwrap();
    // The first one does not know of the second.
    for _ in 0..2 {
        recorder.record(&capture("t", 200, PENDING), &[]).unwrap();
    }
    let names = names(&directory);
    assert_eq!(
        names[..6],
        [
            "t-0001-pending.http",
            "t-0002-502.http",
            "t-0003-pending.http",
            "t-0004-pending.http",
            "t-0041-normal.http",
            "t-0042-pending.http"
        ]
    );
    assert!(names[7].starts_with("t_2F~") && names[7].ends_with("-0001-pending.http"));
    assert_eq!(names.len(), 8);
}

#[test]
fn several_in_one_directory_never_overwrite_each_other() {
    let directory = tempfile::tempdir().unwrap();
    let recorders: Vec<_> = (0..4)
        .map(|_| Recorder::new(directory.path()).unwrap().sync_each(false))
        .collect();
    thread::scope(|scope| {
        for (index, recorder) in recorders.iter().enumerate() {
            scope.spawn(move || {
                for number in 0..50 {
                    let body = format!("{index} {number}");
                    recorder.record(&capture("t", 500, &body), &[]).unwrap();
                }
            });
        }
    });
    recorders[0].flush().unwrap();
    let mut bodies: Vec<Vec<u8>> = names(directory.path())
        .iter()
        .map(|name| fs::read(directory.path().join(name)).unwrap())
        .map(|bytes| Capture::parse(&bytes).unwrap().body)
        .collect();
    bodies.sort();
    bodies.dedup();
    assert_eq!(bodies.len(), 200);
}

#[test]
fn takes_out_as_much_as_it_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let recorder = Recorder::new(directory.path()).unwrap();
    let key = "abcdef012345";
    let written = |recorder: Recorder| {
        let path = recorder
            .record(&capture(key, 200, PENDING), &[key])
            .unwrap();
        assert!(!path.display().to_string().contains(key));
        fs::read_to_string(path).unwrap()
    };
    for (recorder, has_signature, has_id) in [
        (recorder.clone(), false, true),
        (recorder.clone().redact_ids(true), false, false),
        (recorder.unredacted(true), true, true),
    ] {
        let text = written(recorder);
        assert_eq!(text.contains("c0ffee"), has_signature, "{text}");
        assert_eq!(text.contains("\"user_id\":7"), has_id, "{text}");
        assert!(
            !text.contains(key) && !text.contains("Authorization"),
            "{text}"
        );
    }
}

#[test]
fn what_cannot_be_written_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let inner = directory.path().join("gone");
    let recorder = Recorder::new(&inner).unwrap();
    fs::remove_dir(&inner).unwrap();
    assert!(recorder.record(&capture("t", 500, ""), &[]).is_err());
    assert_eq!((recorder.recorded(), recorder.failed()), (0, 1));
    let error = recorder.last_error().unwrap();
    assert!(
        error.contains("gone") && error.contains("t-0001-500.http"),
        "{error}"
    );
    fs::write(&inner, "a file").unwrap();
    assert!(Recorder::new(&inner).is_err());
}

/// Whatever is recorded as it came, only its owner can read.
#[cfg(unix)]
#[test]
fn captures_with_secrets_are_private() {
    use std::os::unix::fs::PermissionsExt;

    let directory = tempfile::tempdir().unwrap();
    let recorder = Recorder::new(directory.path()).unwrap().unredacted(true);
    let path = recorder.record(&capture("t", 200, PENDING), &[]).unwrap();
    assert!(fs::read_to_string(&path).unwrap().contains("c0ffee"));
    let mode = fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
