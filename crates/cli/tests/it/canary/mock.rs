//! `mock`: what it is sent comes back in no answer and in no output.

use seedance_testing::raw_client::RawClient;

use super::{
    canaries::{Canaries, ID, KEYS, key_forms},
    search::assert_none,
};
use crate::{program::program, running::Running};

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn no_secret_comes_back() {
    let mut canaries = Canaries::default();
    let query = canaries.planted("?token=@&sig=@");
    let head = canaries.planted("Cookie: a=@\r\nX-Api-Key: @\r\n");
    for key in KEYS {
        for json in [false, true] {
            let mut arguments = vec!["mock"];
            arguments.extend(json.then_some("--json"));
            let running = Running::start(program("", &arguments));
            let secrets = [canaries.0.clone(), key_forms(key)].concat();
            for path in [format!("/v1/video/generations/{ID}"), "/nothing".to_owned()] {
                let mut client = RawClient::connect(running.address).await;
                let request = format!(
                    "GET {path}{query} HTTP/1.1\r\nHost: localhost\r\n{head}Authorization: Bearer {key}\r\n\r\n"
                );
                client.write(request).await;
                let (answer, body) = client.response().await;
                assert_none(&path, answer.as_bytes(), &secrets);
                assert_none(&path, &body, &secrets);
            }
            let (code, out, err) = running.stop().await;
            assert_eq!(code, 0, "{err}");
            assert_none("the output", out.as_bytes(), &secrets);
            assert_none("the messages", err.as_bytes(), &secrets);
        }
    }
}
