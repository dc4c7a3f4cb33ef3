//! Stores that are busy, silent or away.

use super::*;

#[tokio::test]
async fn a_busy_store_is_asked_again() {
    for status in [
        "503 Service Unavailable",
        "429 Too Many Requests",
        "408 Request Timeout",
    ] {
        let bytes = video(1000, 0);
        let served = bytes.clone();
        let count = AtomicUsize::new(0);
        let store = Server::start(move |request, _| match count.fetch_add(1, Relaxed) {
            0 => response(status, "Retry-After: 1\r\n", b""),
            _ => file(request, &served, TAG),
        })
        .await;
        let directory = TempDir::new().unwrap();
        let begun = Instant::now();
        let downloaded = download(&store.url, directory.path()).await.unwrap();
        assert_placed(&downloaded, directory.path(), &bytes);
        assert_eq!(downloaded.requests, 2);
        assert!(
            begun.elapsed() >= Duration::from_secs(1),
            "the store asked for a second"
        );
    }
}

#[tokio::test]
async fn it_gives_up_when_no_byte_comes() {
    let store = Server::start(|_, _| response("503 Unavailable", "", b"<title>busy</title>")).await;
    let directory = TempDir::new().unwrap();
    let error = fail(download(&store.url, directory.path())).await;
    assert!(error.is_interrupted() && error.is_retryable(), "{error}");
    assert_eq!(error.status().unwrap(), 503);
    assert!(
        error
            .to_string()
            .contains("HTTP 503: busy; gave up after 3 tries"),
        "{error}"
    );
    assert_eq!((store.requests().len(), error.path()), (3, None));
    assert!(names(directory.path()).is_empty(), "no empty part is left");

    // A stall, in the head and in the body.
    let bytes = video(100_000, 0);
    for reply in [
        Reply::silence(),
        response("200 OK", "", &bytes).cut(50_000, Step::Silence),
    ] {
        let store = Server::start(move |_, _| reply.clone()).await;
        let stalling = download(&store.url, directory.path()).tries(1);
        let error = fail(stalling.stall_timeout(Duration::from_millis(100))).await;
        assert!(error.is_interrupted(), "{error}");
    }

    // Nobody listens.
    let error = fail(download("http://127.0.0.1:9", directory.path()).tries(1)).await;
    assert!(
        error.is_interrupted() && error.source().is_some(),
        "{error:?}"
    );

    // What came is kept, and said.
    let directory = TempDir::new().unwrap();
    let store = Server::start(move |request, _| match request.from() {
        None => file(request, &bytes, TAG).cut(50_000, Step::Close),
        Some(_) => response("503 Unavailable", "", b""),
    })
    .await;
    let error = fail(download(&store.url, directory.path()).tries(2)).await;
    let part = error.path().unwrap();
    let kept = format!(
        "50.0 kB of 100.0 kB are kept in {}: run again",
        part.display()
    );
    assert!(error.to_string().contains(&kept), "{error}");
}

#[tokio::test]
async fn a_store_that_breaks_off_at_the_same_place_each_time_is_left() {
    // It knows no ranges: each try would bring the same bytes.
    let bytes = video(100_000, 0);
    let store = Server::start(move |_, _| {
        response("200 OK", "ETag: \"one\"\r\n", &bytes).cut(50_000, Step::Close)
    })
    .await;
    let gateway = gateway(signed(&store.url)).await;
    let directory = TempDir::new().unwrap();
    let download = of_url(&client(&gateway.url), &signed(&store.url), directory.path());
    let error = fail(download.tries(9)).await;
    assert!(error.is_interrupted() && error.is_retryable(), "{error}");
    let said = "cut off again after the same 50.0 kB of 100.0 kB";
    assert!(error.to_string().contains(said), "{error}");
    assert_eq!(store.requests().len(), 2);
    assert_eq!(fs::metadata(error.path().unwrap()).unwrap().len(), 50_000);
}
