//! `proxy`: its output, its pages and its recordings. What passes through it stays as it is.

use tempfile::TempDir;

use seedance_testing::{files::captures, raw_client::RawClient};

use super::{
    canaries::{Canaries, ID, KEYS, answers, gateway, headers, key_forms},
    search::{assert_none, assert_none_in_files},
};
use crate::{program::program, running::Running};

async fn get(running: &Running, path: &str, key: &str) -> Vec<u8> {
    let mut client = RawClient::connect(running.address).await;
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {key}\r\n\r\n",
        running.address
    );
    client.write(request).await;
    let (head, body) = client.response().await;
    [head.into_bytes(), body].concat()
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_on_a_page() {
    for key in KEYS {
        let mut canaries = Canaries::default();
        let answers = answers(&mut canaries, key, "https://store.example");
        let secrets = [canaries.0.clone(), key_forms(key)].concat();
        for (kind, answer) in answers.into_iter().enumerate() {
            for json in [false, true] {
                let headers = headers(key, &canaries.0[0]);
                let upstream = gateway(answer.clone(), headers, String::new()).await;
                let work = TempDir::new().unwrap();
                let record = work.path().join("captures").display().to_string();
                let mut arguments = vec!["proxy", "--upstream", &upstream.url, "--record", &record];
                arguments.extend(json.then_some("--json"));
                let running = Running::start(program("", &arguments));
                let path = format!(
                    "/v1/video/generations/{ID}?key={key}&api_key={}",
                    canaries.0[1]
                );
                let passed = get(&running, &path, key).await;
                assert!(passed.ends_with(&answer.1), "{kind}: changed on its way");
                let mut pages = Vec::new();
                for page in [
                    "/_report",
                    "/_report.json",
                    "/_metrics",
                    "/_playground/exchanges.json",
                ] {
                    pages.push((page, get(&running, page, key).await));
                }
                let (code, out, err) = running.stop().await;
                assert_eq!(code, 0, "{err}");
                assert!(!out.is_empty());
                for (what, text) in pages {
                    assert!(
                        text.starts_with(b"HTTP/1.1 200") && text.len() > 300,
                        "{what}"
                    );
                    assert_none(&format!("{what} {kind}"), &text, &secrets);
                }
                assert_none(&format!("the output {kind}"), out.as_bytes(), &secrets);
                assert_none(&format!("the messages {kind}"), err.as_bytes(), &secrets);
                assert_eq!(captures(&work.path().join("captures")).len(), 1);
                assert_none_in_files(&format!("{kind}"), work.path(), &secrets);
            }
        }
    }
}
