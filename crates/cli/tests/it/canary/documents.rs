//! What compares documents: `spec --diff`, also with captures.

use std::fs;

use seedance_query::OPENAPI;
use seedance_testing::files::edited;
use tempfile::TempDir;

use super::{
    canaries::{Canaries, KEYS, answers},
    search::{assert_none, said},
};

const NOWHERE: &str = "http://127.0.0.1:9";

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_compared() {
    let mut canaries = Canaries::default();
    let values = canaries.planted("'https://a.example/v?X-Tos-Signature=@', 'sk-@', 'token=@'");
    let start = "x-extensible-enum: [generate, referenceGenerate, firstTailGenerate, omniGenerate";
    let documented = format!("{start}]");
    let more = format!("{start}, {values}]");
    let other = format!("enum: [{values}]");
    let invalid = canaries.planted("seed: 'https://a.example/v?sig=@'");
    let answers = answers(&mut canaries, KEYS[0], "https://store.example");
    let directory = TempDir::new().unwrap();
    let path = |name: &str| directory.path().join(name).display().to_string();
    fs::write(path("old.yaml"), OPENAPI).unwrap();
    fs::write(path("new.yaml"), edited(&[(&documented, &more)])).unwrap();
    fs::write(path("other.yaml"), edited(&[(&documented, &other)])).unwrap();
    fs::write(
        path("broken.yaml"),
        OPENAPI.replacen("seed: 20177", &invalid, 1),
    )
    .unwrap();
    fs::create_dir(path("captures")).unwrap();
    for (index, (status, body)) in answers.iter().enumerate() {
        let head = format!("HTTP/1.1 {status}\r\n\r\n");
        let name = format!("captures/{index}.http");
        fs::write(path(&name), [head.as_bytes(), body].concat()).unwrap();
    }
    let captures = path("captures");
    for (old, new) in [
        ("old.yaml", "new.yaml"),
        ("new.yaml", "old.yaml"),
        ("old.yaml", "other.yaml"),
        ("old.yaml", "broken.yaml"),
    ] {
        let (old, new) = (path(old), path(new));
        for more in [&[][..], &["--json"], &["--captures", &captures]] {
            let arguments = [&["spec", "--diff", &old, &new][..], more].concat();
            let said = said(&arguments, NOWHERE, KEYS[0], directory.path()).await;
            assert!(!said.is_empty(), "{arguments:?}");
            assert_none(&format!("{arguments:?}"), &said, &canaries.0);
        }
    }
}
