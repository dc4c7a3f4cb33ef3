//! How a client is set up: key, headers, origins, proxies and the request rate.

use std::{
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use http::{HeaderName, HeaderValue};
use seedance_query::{Client, ClientBuilder, ClientWarning, Outcome, TaskId, WaitEvent};
use tokio::time::Instant;

use seedance_testing::{
    http_message::Request,
    http_server::{Reply, Server},
    replies::{captured, ok, response},
};

const KEY: &str = "sk-test-0123456789abcdef";

fn id() -> TaskId {
    "asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F".parse().unwrap()
}

fn pending() -> Reply {
    captured("pending-queued.http")
}

fn builder(url: &str) -> ClientBuilder {
    let builder = Client::builder().base_url(url).api_key(KEY);
    builder.timeout(Duration::from_secs(20))
}

#[tokio::test]
async fn a_pasted_key_and_base_url_are_understood() {
    let server = Server::always(pending()).await;
    let host = server.url.strip_prefix("http://").unwrap();
    for (url, key) in [
        (format!("{}/v1/", server.url), format!("Bearer {KEY}")),
        (
            format!("{}/v1/video/generations/{{task_id}}", server.url),
            format!(" \"{KEY}\"\n"),
        ),
        (host.to_owned(), format!("Authorization: Bearer {KEY}\r\n")),
    ] {
        let client = Client::builder()
            .base_url(url)
            .api_key(key)
            .build()
            .unwrap();
        assert_eq!(client.base_url(), server.url);
        client.query(&id()).await.unwrap();
    }
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    for request in requests {
        assert!(request.starts_with("GET /v1/video/generations/asyntask_"));
        assert!(request.contains(&format!("authorization: Bearer {KEY}\r\n")));
    }
}

#[tokio::test]
async fn the_key_is_read_anew_for_each_request_and_none_is_shown() {
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
async fn headers_go_where_the_key_goes_and_cannot_replace_it() {
    let echo = |head: &Request, _: usize| {
        let head = &head.head;
        let body = format!("{{\"error\":{{\"message\":{head:?}}}}}");
        response("418 Teapot", "", body.as_bytes())
    };
    let server = Server::start(echo).await;
    let name = HeaderName::from_static("x-access");
    let mut secret = HeaderValue::from_static("c0ffee-0123456789");
    secret.set_sensitive(true);
    let client = builder(&server.url)
        .header(name.clone(), secret)
        .header(
            HeaderName::from_static("x-region"),
            HeaderValue::from_static("eu"),
        )
        .build()
        .unwrap();
    let error = client.query(&id()).await.unwrap_err();
    let request = &server.requests()[0];
    assert!(
        request.contains("x-access: c0ffee-0123456789\r\n"),
        "{request}"
    );
    assert!(request.contains("x-region: eu\r\n"), "{request}");
    let shown = format!("{error} {error:?} {client:?}");
    assert!(
        !shown.contains("c0ffee") && shown.contains("x-region: eu"),
        "{shown}"
    );

    for name in ["authorization", "host", "range", "user-agent"] {
        let name = HeaderName::from_static(name);
        let value = HeaderValue::from_static("x");
        let error = builder(&server.url)
            .header(name, value)
            .build()
            .unwrap_err();
        assert!(
            error.is_input() && error.to_string().ends_with("with their own"),
            "{error}"
        );
    }
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
fn a_key_in_clear_is_warned_of() {
    let warnings = |url: &str| builder(url).build().unwrap().warnings();
    for safe in [
        "https://gateway.example",
        "http://127.0.0.1:1",
        "http://localhost:1",
    ] {
        assert_eq!(warnings(safe), [], "{safe}");
    }
    let warned = warnings("http://gateway.example:8080/x");
    let origin = "http://gateway.example:8080".to_owned();
    assert!(matches!(&warned[..], [ClientWarning::KeyInClear { origin: o, .. }] if *o == origin));
    assert_eq!(
        warned[0].to_string(),
        "the API key travels unencrypted to http://gateway.example:8080: whoever is in between \
         can read it; use https if the gateway has it"
    );
    let trusted = builder("https://gateway.example").trusted_origin("http://media.example");
    assert_eq!(trusted.build().unwrap().warnings().len(), 1);
}

/// The environment is the process's, so the queries are made by another one: this test again.
#[tokio::test]
async fn a_gateway_on_this_machine_is_not_asked_through_a_proxy() {
    const GATEWAY: &str = "SEEDANCE_TEST_GATEWAY";
    if let Ok(gateway) = std::env::var(GATEWAY) {
        builder(&gateway)
            .build()
            .unwrap()
            .query(&id())
            .await
            .unwrap();
        // Of a host that is not this machine, the proxy is asked: it is in use.
        let other = builder("http://gateway.example").build().unwrap();
        let error = other.query(&id()).await.unwrap_err();
        assert_eq!(error.status().unwrap(), 502);
        return;
    }
    let gateway = Server::always(pending()).await;
    let proxy = Server::always(response("502 Bad Gateway", "", b"")).await;
    let name = std::thread::current().name().unwrap().to_owned();
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", &name, "--nocapture"]);
    child.env(GATEWAY, &gateway.url);
    for variable in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        child.env(variable, &proxy.url);
    }
    for variable in ["NO_PROXY", "no_proxy"] {
        child.env_remove(variable);
    }
    let output = tokio::task::spawn_blocking(move || child.output().unwrap());
    let output = output.await.unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(gateway.requests().len(), 1);
    let asked = proxy.requests();
    assert_eq!(asked.len(), 1);
    assert!(
        asked[0].starts_with("GET http://gateway.example/"),
        "{}",
        asked[0]
    );
}

#[tokio::test(start_paused = true)]
async fn queries_waits_and_watches_share_one_rate() {
    let server = Server::always(pending()).await;
    let starts = Arc::<Mutex<Vec<Instant>>>::default();
    let log = Arc::clone(&starts);
    let client = Client::builder()
        .base_url(&server.url)
        // Asked for each request just when it begins.
        .api_key_from(move || {
            log.lock().unwrap().push(Instant::now());
            Ok::<_, std::io::Error>(KEY.to_owned())
        })
        .requests_per_second(10.try_into().unwrap())
        .build()
        .unwrap();
    let ids = |from: usize, to: usize| -> Vec<TaskId> {
        (from..to)
            .map(|id| format!("asyntask_{id:032}").parse().unwrap())
            .collect()
    };
    let mut tasks = tokio::task::JoinSet::new();
    for id in ids(0, 15) {
        let wait = client.wait(&id).timeout(Duration::from_secs(40));
        tasks.spawn(async move { drop(wait.await.unwrap()) });
    }
    for id in ids(15, 30) {
        let client = client.clone();
        tasks.spawn(async move { drop(client.query(&id).await.unwrap()) });
    }
    let policy = seedance_query::WaitPolicy::default().timeout(Duration::from_secs(40));
    let mut events = client.watch(ids(30, 60)).policy(policy).observe();
    let mut ended = 0;
    while let Some((_, event)) = events.next().await {
        ended += usize::from(matches!(event, WaitEvent::Ended(_)));
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    assert_eq!(ended, 30);
    let starts = starts.lock().unwrap();
    assert!(starts.len() > 150, "{}", starts.len());
    for (index, start) in starts.iter().enumerate() {
        let second = starts[index..]
            .iter()
            .take_while(|at| **at < *start + Duration::from_secs(1));
        let count = second.count();
        assert!(count <= 10, "{count} requests began within a second");
    }
    // The rate is used, too: the first 60 began within the 6 s that they take.
    assert!(starts[59] - starts[0] < Duration::from_millis(6100));
}

#[tokio::test]
async fn no_answer_is_too_slow_for_its_own_turn() {
    // The time for a request begins with its turn, not before.
    let server = Server::always(ok(b"{}")).await;
    let client = builder(&server.url)
        .requests_per_second(4.try_into().unwrap())
        .timeout(Duration::from_millis(450))
        .build()
        .unwrap();
    let id = id();
    let queries = (0..4).map(|_| client.query(&id));
    for outcome in futures_util::future::join_all(queries).await {
        assert!(!outcome.unwrap_err().is_timeout());
    }
}

#[tokio::test]
async fn a_base_url_with_the_wrong_scheme_is_named() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    // Whatever comes, it is answered so.
    async fn port(answer: &'static [u8]) -> u16 {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.read(&mut [0; 1024]).await;
                let _ = stream.write_all(answer).await;
                let _ = stream.shutdown().await;
            }
        });
        port
    }
    let plain = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
    let alert = b"\x15\x03\x01\x00\x02\x02\x46";
    let page = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 48\r\n\r\nClient sent an HTTP request to an HTTPS server.\n\n";
    for (scheme, answer, hint) in [
        (
            "https",
            &plain[..],
            "does not speak TLS there; write the base URL with http://",
        ),
        (
            "http",
            &alert[..],
            "does not speak HTTP there; write the base URL with https://",
        ),
        ("http", &page[..], "write the base URL with https://"),
    ] {
        let url = format!("{scheme}://127.0.0.1:{}", port(answer).await);
        let error = builder(&url)
            .build()
            .unwrap()
            .query(&id())
            .await
            .unwrap_err();
        assert!(error.to_string().contains(hint), "{url}: {error} {error:?}");
    }
}
