//! The API key: where it comes from, and where it goes.

use std::sync::atomic::{AtomicUsize, Ordering};

use seedance_query::{Client, Outcome};

use seedance_testing::{
    http_message::Request,
    http_server::Server,
    replies::{captured, response},
};

use super::{KEY, builder, id, pending};

#[tokio::test]
async fn the_key_is_read_for_each_request_and_none_is_shown() {
    let echo = |head: &Request, _: usize| {
        let head = &head.head;
        let body = format!("{{\"error\":{{\"message\":{head:?}}}}}");
        response("418 Teapot", "", body.as_bytes())
    };
    let server = Server::start(echo).await;
    let count = AtomicUsize::new(0);
    let client = Client::builder()
        .base_url(&server.url)
        .api_key_from(move || match count.fetch_add(1, Ordering::SeqCst) {
            2 => Err(std::io::Error::other(
                "the vault is sealed, not sk-rotated-0",
            )),
            number => Ok(format!("sk-rotated-{number}-0123456789\n")),
        })
        .build()
        .unwrap();
    let mut seen = String::new();
    for _ in 0..2 {
        let error = client.query(&id()).await.unwrap_err();
        let capture = error.capture().unwrap().to_bytes();
        let capture = String::from_utf8(capture).unwrap();
        seen.push_str(&format!("{error} {error:?} {:?} {capture}", error.report()));
    }
    assert!(
        !seen.contains("sk-rotated-0") && !seen.contains("sk-rotated-1"),
        "{seen}"
    );
    let error = client.query(&id()).await.unwrap_err();
    assert!(
        error.is_key_unavailable() && error.is_retryable(),
        "{error:?}"
    );
    assert_eq!(
        error.to_string(),
        "no API key for the request: the vault is sealed, not sk-REDACTED"
    );
    client.query(&id()).await.unwrap_err();
    let keys: Vec<String> = server
        .requests()
        .iter()
        .map(|head| {
            let key = head.split("Bearer ").nth(1).unwrap();
            key.lines().next().unwrap().to_owned()
        })
        .collect();
    let key = |number| format!("sk-rotated-{number}-0123456789");
    assert_eq!(keys, [key(0), key(1), key(3)]);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_is_missing_for_a_moment_does_not_end_a_wait() {
    let server = Server::always(captured("normal-720p.http")).await;
    let count = AtomicUsize::new(0);
    let client = Client::builder()
        .base_url(&server.url)
        .api_key_from(move || match count.fetch_add(1, Ordering::SeqCst) {
            0 => Ok("<html>".to_owned()),
            1 => Err("not now"),
            _ => Ok(KEY.to_owned()),
        })
        .build()
        .unwrap();
    let Outcome::Succeeded(task) = client.wait(&id()).await.unwrap() else {
        panic!("the task has succeeded")
    };
    assert_eq!((task.polls(), server.requests().len()), (3, 1));
}

#[tokio::test]
async fn the_key_goes_to_the_gateway_and_to_trusted_origins() {
    let client = builder("https://gateway.example/x")
        .trusted_origin("https://media.example:8443/ignored")
        .trusted_origin("cdn.example")
        .build()
        .unwrap();
    for (url, takes_key) in [
        ("https://gateway.example/v.mp4", true),
        ("https://gateway.example:443/v.mp4", true),
        ("https://media.example:8443/v.mp4", true),
        ("https://cdn.example/v.mp4", true),
        ("http://gateway.example/v.mp4", false),
        ("https://gateway.example:8443/v.mp4", false),
        ("https://media.example/v.mp4", false),
        ("https://x.gateway.example/v.mp4", false),
        ("https://gateway.example@evil.example/v.mp4", false),
        ("https://storage.example/v.mp4", false),
    ] {
        assert_eq!(
            client.sends_key_to(&url.parse().unwrap()),
            takes_key,
            "{url}"
        );
    }
    let error = builder("https://gateway.example").trusted_origin("ftp://a.example");
    let error = error.build().unwrap_err();
    assert!(error.is_input(), "{error}");
    assert!(
        error
            .to_string()
            .starts_with("a trusted origin cannot be used"),
        "{error}"
    );
}

#[tokio::test]
async fn a_trusted_origin_gets_the_key_for_a_video_and_no_other_does() {
    let media = Server::always(response("404 Not Found", "", b"no video")).await;
    let gateway = Server::always(pending()).await;
    let directory = tempfile::tempdir().unwrap();
    let url = format!("{}/v.mp4", media.url);
    for trusts in [true, false] {
        let mut client = builder(&gateway.url);
        if trusts {
            client = client.trusted_origin(&media.url);
        }
        let client = client.build().unwrap();
        let url = seedance_query::ResultUrl::new(Some(&url), client.base_url(), None);
        let before = media.requests().len();
        let download = client.download(&id(), url).into_dir(directory.path());
        download.tries(1).await.unwrap_err();
        let requests = media.requests().split_off(before);
        assert!(!requests.is_empty());
        for request in requests {
            assert_eq!(
                request.contains("authorization: Bearer"),
                trusts,
                "{request}"
            );
        }
    }
}

#[test]
fn no_debug_shows_the_key() {
    let builder = Client::builder().base_url("https://a.example").api_key(KEY);
    let shown = format!("{builder:?} {:?}", builder.clone().build().unwrap());
    assert!(!shown.contains("0123456789"), "{shown}");
    assert!(shown.contains("https://a.example"));
}

#[tokio::test]
async fn no_configuration_sends_a_signed_url_as_the_referrer() {
    let store = Server::always(response("404 Not Found", "", b"no video")).await;
    let location = format!("Location: {}/moved.mp4\r\n", store.url);
    let first = Server::always(response("302 Found", &location, b"")).await;
    let gateway = Server::always(pending()).await;
    let client = builder(&gateway.url)
        .configure_http(|http| {
            let follow = seedance_query::reqwest::redirect::Policy::limited(10);
            http.redirect(follow).referer(true)
        })
        .build()
        .unwrap();
    let directory = tempfile::tempdir().unwrap();
    let signed = format!("{}/v.mp4?X-Tos-Signature=c0ffee0123456789", first.url);
    let url = seedance_query::ResultUrl::new(Some(&signed), client.base_url(), None);
    let download = client.download(&id(), url).into_dir(directory.path());
    download.tries(1).await.unwrap_err();
    assert!(!store.requests().is_empty(), "the redirect is followed");
    for request in store.requests() {
        let head = request.to_ascii_lowercase();
        assert!(
            !head.contains("referer") && !head.contains("c0ffee"),
            "{head}"
        );
        assert!(!head.contains("authorization"), "{head}");
    }
}
