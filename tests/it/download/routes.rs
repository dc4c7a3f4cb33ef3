//! The store's address and the gateway's own, each of which stands in for the other.

use super::*;

#[tokio::test]
async fn the_gateway_stands_in_for_a_store() {
    // Refused, gone, no video, broken off, cut off at its source, away.
    let whole = video(100_000, 0);
    let cut = whole[..60_000].to_vec();
    let page = b"<title>Sign in</title>".to_vec();
    for reply in [
        response("403 Forbidden", "", b""),
        response("404 Not Found", "", b""),
        response("200 OK", "Content-Type: text/html\r\n", &page),
        response("200 OK", "", &whole).cut(50_000, Step::Close),
        response("200 OK", "", &cut),
        response("503 Service Unavailable", "", b""),
        Reply::reset(Vec::new()),
    ] {
        let store = Server::start(move |_, _| reply.clone()).await;
        let served = whole.clone();
        let gateway = gateway_with_content(signed(&store.url), move |request| {
            file(request, &served, TAG)
        })
        .await;
        let directory = TempDir::new().unwrap();
        let url = signed(&store.url);
        let prepare = || of_url(&client(&gateway.url), &url, directory.path()).tries(2);
        let error = fail(prepare().alternatives(false)).await;
        assert_eq!(counts(&gateway), (1, 0), "{error}");
        let downloaded = prepare().await.unwrap();
        assert_placed(&downloaded, directory.path(), &whole);
        assert_eq!(counts(&gateway), (2, 1));
        let bearer = format!("Bearer {KEY}");
        for request in gateway.requests() {
            assert_eq!(request.header("authorization"), Some(bearer.as_str()));
        }
        for request in store.requests() {
            assert_eq!(request.header("authorization"), None);
        }
    }
}

#[tokio::test]
async fn a_store_stands_in_for_the_gateway() {
    for (status, body) in [
        (
            "404 Not Found",
            "{\"error\":{\"message\":\"Task not found\"}}",
        ),
        (
            "410 Gone",
            "{\"error\":{\"message\":\"video url expired\"}}",
        ),
        ("403 Forbidden", "{\"error\":{\"message\":\"blocked\"}}"),
        ("502 Bad Gateway", ""),
    ] {
        let bytes = video(100_000, 0);
        let served = bytes.clone();
        let store = Server::start(move |request, _| file(request, &served, TAG)).await;
        let gateway = gateway_with_content(signed(&store.url), move |_| {
            response(status, "", body.as_bytes())
        })
        .await;
        let directory = TempDir::new().unwrap();
        let url = format!("{}{}", gateway.url, content_path());
        let download = of_url(&client(&gateway.url), &url, directory.path());
        let downloaded = download.tries(2).await.unwrap();
        assert_placed(&downloaded, directory.path(), &bytes);
        assert_eq!(store.requests()[0].header("authorization"), None);
        assert!(
            gateway
                .requests()
                .iter()
                .all(|request| request.method == "GET")
        );
    }
}

#[tokio::test]
async fn what_came_from_one_address_is_used_with_the_other() {
    let bytes = video(300_000, 0);
    let served = bytes.clone();
    let store = Server::start(move |request, _| match request.from() {
        None => file(request, &served, TAG).cut(200_000, Step::Close),
        Some(_) => response("403 Forbidden", "", b""),
    })
    .await;
    // The gateway's answer has neither tag nor date.
    let served = bytes.clone();
    let gateway =
        gateway_with_content(signed(&store.url), move |_| response("200 OK", "", &served)).await;
    let directory = TempDir::new().unwrap();
    let seen = Arc::<Mutex<Vec<_>>>::default();
    let sink = Arc::clone(&seen);
    let url = signed(&store.url);
    let downloaded = of_url(&client(&gateway.url), &url, directory.path())
        .on_progress(move |progress| sink.lock().unwrap().push(progress.bytes))
        .await
        .unwrap();
    assert_placed(&downloaded, directory.path(), &bytes);
    assert!(seen.lock().unwrap().is_sorted(), "what is there stays");
}

#[tokio::test]
async fn a_task_that_has_not_ended_is_said_to_be_so() {
    let pending = r#"{"code":"success","message":"","data":{"task_id":"t","status":"IN_PROGRESS","progress":"50%"}}"#;
    let message = r#"{"error":{"message":"Task is not completed yet, current status: IN_PROGRESS","type":"invalid_request_error"}}"#;
    let gateway = Server::start(move |request, _| {
        if request.target == content_path() {
            response("400 Bad Request", "", message.as_bytes())
        } else {
            response("200 OK", "", pending.as_bytes())
        }
    })
    .await;
    let directory = TempDir::new().unwrap();
    let url = format!("{}{}", gateway.url, content_path());
    let error = fail(of_url(&client(&gateway.url), &url, directory.path())).await;
    assert!(error.is_not_ready() && error.is_retryable(), "{error}");
    assert!(error.to_string().contains("not completed yet"), "{error}");
    assert_eq!(counts(&gateway), (1, 1));
}

#[tokio::test]
async fn an_address_that_has_expired_is_known_in_json_and_xml() {
    let json = r#"{"Code":"AccessDenied","RequestId":"02f7a1","HostId":"h","Message":"Request has expired, please sign it again with a new date and more than a few words"}"#;
    let xml = "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>Request has expired, \
               please sign it again with a new date and more than a few words</Message>\
               <RequestId>02f7a1</RequestId></Error>";
    for body in [json, xml] {
        let bytes = video(1000, 0);
        let served = bytes.clone();
        let store = Server::start(move |request, _| {
            if request.target.ends_with("fresh") {
                file(request, &served, TAG)
            } else {
                response("403 Forbidden", "", body.as_bytes())
            }
        })
        .await;
        let directory = TempDir::new().unwrap();
        let url = signed(&store.url);
        let stale = gateway(url.clone()).await;
        let error = fail(of_url(&client(&stale.url), &url, directory.path())).await;
        assert!(error.is_refused() && error.is_expired(), "{error}");
        let whole = "AccessDenied: Request has expired, please sign it again with a new date and \
                     more than a few words (request 02f7a1)";
        assert!(error.to_string().contains(whole), "{error}");
        let fresh = gateway(format!("{}/v.mp4?X-Tos-Signature=fresh", store.url)).await;
        let downloaded = of_url(&client(&fresh.url), &url, directory.path()).await;
        assert_placed(&downloaded.unwrap(), directory.path(), &bytes);
        assert_eq!(counts(&fresh), (1, 0));
    }
}

#[tokio::test]
async fn the_gateway_is_not_asked_for_the_video_before_an_enhancement() {
    let store = Server::start(|_, _| response("403 Forbidden", "", b"")).await;
    let url = signed(&store.url);
    let gateway = Server::start(move |_, _| {
        let body = format!(
            r#"{{"code":"success","message":"","data":{{"task_id":"t","status":"SUCCESS",
                "result_url":"{url}","original_result_url":"{url}",
                "data":{{"super_resolution":"720p","usage":{{"super_resolution_tokens":5}}}}}}}}"#
        );
        response("200 OK", "", body.as_bytes())
    })
    .await;
    let directory = TempDir::new().unwrap();
    for is_original in [false, true] {
        let download = of_url(&client(&gateway.url), &signed(&store.url), directory.path());
        let download = if is_original {
            download.original()
        } else {
            download
        };
        let error = fail(download).await;
        assert!(error.is_refused(), "{error}");
    }
    // Which video of an enhanced task it would give is not known.
    assert_eq!(counts(&gateway), (2, 0));
}

#[tokio::test]
async fn a_key_that_was_withheld_is_mentioned() {
    let store = Server::start(|_, _| response("401 Unauthorized", "", b"")).await;
    let unsigned = format!("{}/v.mp4", store.url);
    let gateway = gateway(unsigned.clone()).await;
    let directory = TempDir::new().unwrap();
    let error = fail(of_url(&client(&gateway.url), &unsigned, directory.path())).await;
    let withheld = "the API key was withheld from 127.0.0.1: it goes to the gateway only";
    assert!(error.to_string().contains(withheld), "{error}");
    assert_eq!(store.requests()[0].header("authorization"), None);
}

#[tokio::test]
async fn a_redirect_that_cannot_be_followed_leads_to_the_stand_in() {
    let bytes = video(50_000, 0);
    for location in [
        Some("ftp://a.example/v?X-Tos-Signature=5ec2e75ec2e7".to_owned()),
        Some("https://:0:0?X-Tos-Signature=5ec2e75ec2e7".to_owned()),
        Some("/v.mp4?X-Tos-Signature=5ec2e75ec2e7".to_owned()),
        None,
    ] {
        let header = location.map_or_else(String::new, |url| format!("Location: {url}\r\n"));
        let store = Server::start(move |_, _| response("302 Found", &header, b"")).await;
        let served = bytes.clone();
        let content = move |_: &Request| response("200 OK", "", &served);
        let gateway = gateway_with_content(signed(&store.url), content).await;
        let directory = TempDir::new().unwrap();
        let url = signed(&store.url);
        let downloaded = of_url(&client(&gateway.url), &url, directory.path()).await;
        assert_placed(&downloaded.unwrap(), directory.path(), &bytes);
        assert_eq!(counts(&gateway), (1, 1));
    }
}
