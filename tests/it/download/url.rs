//! URLs that are refused, missing or lead elsewhere, and where the key goes.

use super::*;

#[tokio::test]
async fn a_refused_url_is_replaced_once() {
    for status in [
        "403 Forbidden",
        "401 Unauthorized",
        "404 Not Found",
        "410 Gone",
    ] {
        let bytes = video(200_000, 0);
        let served = bytes.clone();
        let count = AtomicUsize::new(0);
        let store = Server::start(move |request, _| match count.fetch_add(1, Relaxed) {
            // It expires in the middle.
            0 => file(request, &served, TAG).cut(100_000, Step::Close),
            _ if request.target.ends_with(SECRET) => response(status, "", b""),
            _ => file(request, &served, TAG),
        })
        .await;
        let gateway = gateway(format!("{}/v.mp4?X-Tos-Signature=fresh", store.url)).await;
        let directory = TempDir::new().unwrap();
        let url = signed(&store.url);
        let downloaded = of_url(&client(&gateway.url), &url, directory.path())
            .await
            .unwrap();
        assert_placed(&downloaded, directory.path(), &bytes);
        assert_eq!((gateway.requests().len(), downloaded.requests), (1, 3));
        assert_sparing(&store.requests());
        assert_eq!(
            store.requests()[2].from(),
            Some(100_000),
            "it goes on from there"
        );
    }
}

#[tokio::test]
async fn a_url_that_stays_refused_is_an_error_with_the_reason() {
    let xml = format!(
        "<Error><Code>AccessDenied</Code><Message>Request has expired: {SECRET} {KEY}</Message></Error>"
    );
    let store = Server::start(move |_, _| response("403 Forbidden", "", xml.as_bytes())).await;
    let gateway_of = |query: &str| gateway(format!("{}/v.mp4?X-Tos-Signature={query}", store.url));
    let directory = TempDir::new().unwrap();
    for (query, requests) in [("fresh", 2), (SECRET, 1)] {
        let gateway = gateway_of(query).await;
        let before = store.requests().len();
        let url = signed(&store.url);
        let error = fail(of_url(&client(&gateway.url), &url, directory.path())).await;
        assert!(
            error.is_refused() && error.is_expired() && !error.is_retryable(),
            "{error}"
        );
        assert_eq!(error.status().unwrap(), 403);
        assert!(
            error
                .to_string()
                .contains("AccessDenied: Request has expired"),
            "{error}"
        );
        assert_eq!(counts(&gateway), (1, 1));
        // The same URL again is not worth a request.
        assert_eq!(store.requests().len() - before, requests, "{error}");
    }

    // The gateway does not answer either; that may pass.
    let error = fail(of_url(
        &client("http://127.0.0.1:9"),
        &signed(&store.url),
        directory.path(),
    ));
    let error = error.await;
    assert!(error.is_refused() && error.is_retryable(), "{error}");
    assert!(error.source().unwrap().is::<seedance_query::Error>());
}

#[tokio::test]
async fn a_task_without_a_url_is_asked_for_one() {
    let bytes = video(1000, 0);
    let served = bytes.clone();
    let store = Server::start(move |request, _| file(request, &served, TAG)).await;
    let gateway_of = gateway(signed(&store.url)).await;
    let directory = TempDir::new().unwrap();
    let missing = |gateway: &Server| {
        let client = client(&gateway.url);
        let url = ResultUrl::new(None, client.base_url(), None);
        client.download(&id(), url).into_dir(directory.path())
    };
    let downloaded = missing(&gateway_of).await.unwrap();
    assert_placed(&downloaded, directory.path(), &bytes);
    fs::remove_file(downloaded.path).unwrap();

    let text = gateway("none".to_owned()).await;
    let error = fail(missing(&text)).await;
    assert!(error.is_unusable_url() && !error.is_retryable(), "{error}");
    let error = fail(missing(&gateway_of).original()).await;
    assert!(error.is_unusable_url(), "{error}");
    assert!(
        error.to_string().contains("before an enhancement"),
        "{error}"
    );
    assert!(names(directory.path()).is_empty());
}

#[tokio::test]
async fn the_original_has_a_name_and_a_url_of_its_own() {
    let bytes = video(1000, 0);
    let served = bytes.clone();
    let store = Server::start(move |request, _| match request.target.as_str() {
        "/original" => file(request, &served, TAG),
        _ => response("404 Not Found", "", b""),
    })
    .await;
    let url = store.url.clone();
    let gateway = Server::start(move |_, _| {
        let body = format!(
            r#"{{"code":"success","message":"","data":{{"task_id":"t","status":"SUCCESS",
                "result_url":"{url}/final","original_result_url":"{url}/original",
                "data":{{"super_resolution":"720p","usage":{{"super_resolution_tokens":5}}}}}}}}"#
        );
        response("200 OK", "", body.as_bytes())
    })
    .await;
    let directory = TempDir::new().unwrap();
    let old = of_url(&client(&gateway.url), &signed(&store.url), directory.path());
    let downloaded = old.original().await.unwrap();
    assert_placed(&downloaded, directory.path(), &bytes);
    let name = downloaded.path.file_name().unwrap().to_str().unwrap();
    assert_eq!(name, format!("{}.original.mp4", id()));
}

#[tokio::test]
async fn the_key_goes_to_the_gateway_and_nowhere_else() {
    let bytes = video(1000, 0);
    let served = bytes.clone();
    let other = Server::start(move |request, _| file(request, &served, TAG)).await;
    let location = format!("Location: {}\r\n", signed(&other.url));
    let gateway = Server::start(move |request, _| match request.target.as_str() {
        "/v1/videos/t/content" => response("302 Found", "Location: /v1/step\r\n", b""),
        _ => response("307 Temporary Redirect", &location, b""),
    })
    .await;
    let directory = TempDir::new().unwrap();
    let own = format!("{}/v1/videos/t/content", gateway.url);
    let downloaded = of_url(&client(&gateway.url), &own, directory.path())
        .await
        .unwrap();
    assert_placed(&downloaded, directory.path(), &bytes);
    assert_eq!(downloaded.requests, 3);
    let bearer = format!("Bearer {KEY}");
    for request in gateway.requests() {
        assert_eq!(request.header("authorization"), Some(bearer.as_str()));
    }
    assert_eq!(other.requests().len(), 1);
    assert_eq!(other.requests()[0].header("authorization"), None);

    // Nor to the gateway, if another host says so.
    let served = bytes.clone();
    let gateway = Server::start(move |request, _| file(request, &served, TAG)).await;
    let location = format!("Location: {}/v1/anything\r\n", gateway.url);
    let store = Server::start(move |_, _| response("302 Found", &location, b"")).await;
    let directory = TempDir::new().unwrap();
    let url = signed(&store.url);
    of_url(&client(&gateway.url), &url, directory.path())
        .await
        .unwrap();
    assert_eq!(gateway.requests()[0].header("authorization"), None);
}

#[tokio::test]
async fn redirects_end() {
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    let store = Server::start(move |_, _| {
        let next = counter.fetch_add(1, Relaxed);
        let location = format!("Location: /{next}?X-Tos-Signature={SECRET}\r\n");
        response("302 Found", &location, b"")
    })
    .await;
    let directory = TempDir::new().unwrap();
    let into = directory.path();
    let of_store = async |store: &Server| {
        let url = signed(&store.url);
        let gateway = gateway(url.clone()).await;
        fail(of_url(&client(&gateway.url), &url, into)).await
    };
    let error = of_store(&store).await;
    assert!(error.is_unusable_url() && !error.is_retryable(), "{error}");
    assert_eq!(count.load(Relaxed), 11);

    let store = Server::start(move |_, _| {
        let location = format!("Location: ftp://a.example/v?X-Tos-Signature={SECRET}\r\n");
        response("302 Found", &location, b"")
    })
    .await;
    let error = of_store(&store).await;
    assert!(error.is_unusable_url(), "{error}");
    assert_eq!(error.status().unwrap(), 302);
}

/// A clock of this machine that is wrong by minutes calls no URL expired that is not, nor the other way
/// round.
#[tokio::test]
async fn the_clock_of_the_store_tells_whether_a_url_has_expired() {
    let expiry = "Thu, 28 May 2026 20:29:10 GMT";
    for (date, is_expired) in [
        ("Thu, 28 May 2026 20:29:09 GMT", false),
        (expiry, true),
        ("Thu, 28 May 2026 20:39:10 GMT", true),
    ] {
        let head = format!("Date: {date}\r\n");
        let store = Server::start(move |_, _| response("403 Forbidden", &head, b"")).await;
        let url = format!(
            "{}/v.mp4?X-Tos-Date=20260527T202910Z&X-Tos-Expires=86400&X-Tos-Signature={SECRET}",
            store.url
        );
        let gateway = gateway(url.clone()).await;
        let directory = TempDir::new().unwrap();
        let error = fail(of_url(&client(&gateway.url), &url, directory.path())).await;
        assert!(error.is_refused(), "{error}");
        assert_eq!(error.is_expired(), is_expired, "{date}: {error}");
    }
}
