//! What reads recordings: `validate`, in every format. No key is known there; what looks like a
//! secret is hidden all the same.

use std::fs;

use tempfile::TempDir;

use super::{
    canaries::{Canaries, KEYS, answers},
    search::{assert_none, assert_none_in_files, said},
};

const NOWHERE: &str = "http://127.0.0.1:9";

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_reported() {
    let mut canaries = Canaries::default();
    let answers = answers(&mut canaries, KEYS[0], "https://store.example");
    let recordings = TempDir::new().unwrap();
    for (index, (status, body)) in answers.iter().enumerate() {
        let path = recordings.path().join(format!("{index}.http"));
        let cookie = &canaries.0[0];
        let head = format!("HTTP/1.1 {status}\r\nSet-Cookie: a={cookie}\r\n\r\n");
        fs::write(path, [head.as_bytes(), body].concat()).unwrap();
        fs::write(recordings.path().join(format!("{index}.json")), body).unwrap();
    }
    let work = TempDir::new().unwrap();
    let from = recordings.path().display().to_string();
    for format in ["text", "json", "junit", "sarif", "github", "html"] {
        for more in [&[][..], &["--summary"], &["--timeline"]] {
            let arguments = [&["validate", "--format", format, &from][..], more].concat();
            let said = said(&arguments, NOWHERE, KEYS[0], work.path()).await;
            assert_none(&format!("{arguments:?}"), &said, &canaries.0);
        }
    }
    let arguments = ["validate", &from, "--summary-out", "part.json"];
    said(&arguments, NOWHERE, KEYS[0], work.path()).await;
    assert!(fs::metadata(work.path().join("part.json")).unwrap().len() > 10_000);
    assert_none_in_files("the part", work.path(), &canaries.0);
    let arguments = ["validate", "--baseline", "write", &from];
    let said = said(&arguments, NOWHERE, KEYS[0], work.path()).await;
    assert_none("the baseline", &said, &canaries.0);
    assert_none_in_files("the baseline", work.path(), &canaries.0);
}
