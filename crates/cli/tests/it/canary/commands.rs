//! What asks a gateway: `get`, `wait`, `fetch`, `download`.

use tempfile::TempDir;

use seedance_testing::http_server::Server;

use super::{
    canaries::{Canaries, ID, KEYS, answers, gateway, headers, key_forms},
    search::{assert_none, assert_none_in_files, said},
};

const SHORT: [&str; 4] = ["--interval", "0.1s", "--wait-timeout", "1s"];

/// A gateway for each kind of answer, and what must not leave.
struct Planted {
    canaries: Canaries,
    kinds: usize,
    key: &'static str,
}

impl Planted {
    fn new(key: &'static str) -> Self {
        let mut canaries = Canaries::default();
        let kinds = answers(&mut canaries, key, "http://127.0.0.1:9").len();
        assert!(canaries.0.len() >= 80, "{}", canaries.0.len());
        Self {
            canaries,
            kinds,
            key,
        }
    }

    fn secrets(&self) -> Vec<String> {
        [self.canaries.0.clone(), key_forms(self.key)].concat()
    }

    /// The gateway that gives the answers of this kind; its store is the same server.
    async fn gateway(&self, kind: usize) -> Server {
        let mut canaries = Canaries::default();
        // The same secrets again, with the URL of a store that is running.
        let refusal = Canaries::default()
            .planted("<Error><Code>AccessDenied</Code><Message>token=@</Message></Error>");
        let store = gateway(("200 OK", Vec::new()), String::new(), refusal.clone()).await;
        let answer = answers(&mut canaries, self.key, &store.url).swap_remove(kind);
        // A store stays while anyone may ask it.
        std::mem::forget(store);
        gateway(answer, headers(self.key, &canaries.0[0]), refusal).await
    }
}

/// No command prints or writes any of them, whatever the gateway says.
#[tokio::test(flavor = "multi_thread")]
async fn no_secret_leaves() {
    for key in KEYS {
        let planted = Planted::new(key);
        let secrets = planted.secrets();
        for kind in 0..planted.kinds {
            let server = planted.gateway(kind).await;
            let work = TempDir::new().unwrap();
            let wait = [&["wait", ID][..], &SHORT].concat();
            let wait_json = [&["wait", ID, "--json"][..], &SHORT].concat();
            let fetch = [&["fetch", ID, "--into", "videos"][..], &SHORT].concat();
            let download_json =
                [&["download", ID, "--into", "video", "--json"][..], &SHORT].concat();
            let download = [&["download", ID, "--into", "video"][..], &SHORT].concat();
            for arguments in [
                &["get", ID, "--record", "captures"][..],
                &["get", ID, "--record", "captures", "--redact-ids"],
                &wait,
                &fetch,
                &download,
            ] {
                // What passes is asked for again, for minutes.
                if arguments == fetch && matches!(kind, 3 | 4) {
                    continue;
                }
                let said = said(arguments, &server.url, key, work.path()).await;
                assert_none(&format!("{arguments:?} {kind}"), &said, &secrets);
            }
            for arguments in [&["get", ID, "--json"][..], &wait_json, &download_json] {
                let said = said(arguments, &server.url, key, work.path()).await;
                assert_none(&format!("{arguments:?} {kind}"), &said, &key_forms(key));
            }
            assert_none_in_files(&format!("{kind}"), work.path(), &secrets);
        }
    }
}
