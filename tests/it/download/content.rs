//! Bodies that are no video, or too much of one.

use super::*;

#[tokio::test]
async fn a_page_is_not_a_video() {
    let page = format!("<html><title>Sign in {KEY} {SECRET}</title></html>").into_bytes();
    for (reply, words) in [
        (
            response("200 OK", "Content-Type: text/html\r\n", &page),
            "a body text/html, \"Sign in REDACTED REDACTED-2\"",
        ),
        (
            response(
                "200 OK",
                "Content-Type: video/mp4\r\n",
                b"<Error><Code>Oops</Code>",
            ),
            "a body video/mp4, \"Oops\"",
        ),
        (
            response("200 OK", "", b""),
            "a body of no stated type, without words",
        ),
        (response("200 OK", "", &[0; 5000]), "without words"),
        (response("204 No Content", "", b""), "without words"),
    ] {
        let store = Server::start(move |_, _| reply.clone()).await;
        let gateway = gateway(format!("{}/w.mp4?X-Tos-Signature=fresh", store.url)).await;
        let directory = TempDir::new().unwrap();
        let url = signed(&store.url);
        let error = fail(of_url(&client(&gateway.url), &url, directory.path())).await;
        assert!(error.is_not_a_video() && !error.is_retryable(), "{error}");
        assert!(error.to_string().contains(words), "{error}");
        // Some hosts answer so when a URL has expired.
        assert_eq!((store.requests().len(), counts(&gateway)), (2, (1, 1)));
        assert!(names(directory.path()).is_empty());
    }
}

#[tokio::test]
async fn a_page_does_no_harm_to_what_is_there() {
    let bytes = video(100_000, 0);
    let store = Server::start(move |request, _| match request.from() {
        None => file(request, &bytes, TAG).cut(50_000, Step::Close),
        Some(_) => response("200 OK", "", b"<title>Sign in</title>"),
    })
    .await;
    let gateway = gateway(signed(&store.url)).await;
    let directory = TempDir::new().unwrap();
    let url = signed(&store.url);
    let error = fail(of_url(&client(&gateway.url), &url, directory.path())).await;
    assert!(error.is_not_a_video(), "{error}");
    assert_eq!(fs::metadata(error.path().unwrap()).unwrap().len(), 50_000);
    assert!(error.to_string().ends_with("go on from there"), "{error}");
}

#[tokio::test]
async fn a_video_that_is_too_large_is_not_begun() {
    let store = Server::start(move |_, _| {
        let headers = "Content-Length: 1099511627776\r\n";
        raw("200 OK", headers, &video(100_000, 0)[..])
    })
    .await;
    let directory = TempDir::new().unwrap();
    let error = fail(download(&store.url, directory.path())).await;
    assert!(error.is_too_large() && !error.is_retryable(), "{error}");
    assert!(names(directory.path()).is_empty());

    // Without a length it is found out on the way.
    let store = Server::start(move |_, _| raw("200 OK", "", &video(500_000, 0))).await;
    let error = fail(download(&store.url, directory.path()).max_bytes(200_000)).await;
    assert!(error.is_too_large(), "{error}");
    assert!(fs::metadata(error.path().unwrap()).unwrap().len() <= 200_000);
}
