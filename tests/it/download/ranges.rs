//! Servers with notions of their own about ranges.

use super::*;

#[tokio::test]
async fn a_file_that_comes_in_slices_is_put_together() {
    const SLICE: usize = 64 << 10;
    let bytes = video(300_000, 0);
    for (status, headers) in [
        ("200 OK", "ETag: \"one\"\r\n"),
        ("206 Partial Content", "ETag: \"one\"\r\n"),
        ("200 OK", ""),
    ] {
        let served = bytes.clone();
        let store = Server::start(move |request, _| {
            let from = request.from().unwrap_or(0);
            let end = served.len().min(from + SLICE);
            let range = format!(
                "Content-Range: bytes {from}-{}/300000\r\n{headers}",
                end - 1
            );
            response(status, &range, &served[from..end])
        })
        .await;
        let directory = TempDir::new().unwrap();
        let downloaded = download(&store.url, directory.path())
            .tries(1)
            .await
            .unwrap();
        assert_placed(&downloaded, directory.path(), &bytes);
        assert_eq!(downloaded.requests, 5, "{status} {headers}");
    }
}

#[tokio::test]
async fn several_ranges_at_once_are_refused() {
    let bytes = video(300_000, 0);
    let served = bytes.clone();
    let count = AtomicUsize::new(0);
    let store = Server::start(move |request, _| {
        match (count.fetch_add(1, Relaxed), request.from()) {
            (0, _) => file(request, &served, TAG).cut(150_000, Step::Close),
            (_, Some(_)) => {
                let headers = "Content-Type: multipart/byteranges; boundary=x\r\nETag: \"one\"\r\n\
                           Content-Range: bytes 150000-299999/300000\r\n";
                let body = b"--x\r\nContent-Range: bytes 150000-299999/300000\r\n\r\n....";
                response("206 Partial Content", headers, body)
            }
            (_, None) => file(request, &served, TAG),
        }
    })
    .await;
    let directory = TempDir::new().unwrap();
    let downloaded = download(&store.url, directory.path()).await.unwrap();
    assert_placed(&downloaded, directory.path(), &bytes);
    assert_eq!(downloaded.requests, 3);
}

#[tokio::test]
async fn a_range_that_begins_elsewhere_is_not_mixed_in() {
    // Before what was asked for, behind it, and without saying where.
    for (shift, requests) in [(-1000_isize, 2), (1000, 3)] {
        let bytes = video(300_000, 0);
        let served = bytes.clone();
        let store = Server::start(move |request, _| match request.from() {
            None => file(request, &served, TAG),
            Some(from) => {
                let from = from.checked_add_signed(shift).unwrap();
                let range = format!("ETag: {TAG}\r\nContent-Range: bytes {from}-299999/300000\r\n");
                response("206 Partial Content", &range, &served[from..])
            }
        });
        let store = store.await;
        let directory = TempDir::new().unwrap();
        let served = bytes.clone();
        let first =
            Server::start(move |request, _| file(request, &served, TAG).cut(150_000, Step::Close))
                .await;
        // The first bytes come from another server, behind the same name.
        let count = Arc::new(AtomicUsize::new(0));
        let (one, two) = (first.url.clone(), store.url.clone());
        let redirect = Server::start(move |_, _| {
            let target = if count.fetch_add(1, Relaxed) == 0 {
                &one
            } else {
                &two
            };
            response("302 Found", &format!("Location: {target}/v\r\n"), b"")
        })
        .await;
        let downloaded = download(&redirect.url, directory.path()).await.unwrap();
        assert_placed(&downloaded, directory.path(), &bytes);
        assert_eq!(redirect.requests().len(), requests, "{shift}");
    }
}

#[tokio::test]
async fn a_server_that_ignores_ranges_is_asked_for_one_only_once() {
    let bytes = video(300_000, 0);
    let served = bytes.clone();
    let count = AtomicUsize::new(0);
    // It announces ranges, and gets a bit further each time.
    let store = Server::start(move |_, _| {
        let headers = "ETag: \"one\"\r\nAccept-Ranges: bytes\r\n";
        let reply = response("200 OK", headers, &served);
        match count.fetch_add(1, Relaxed) {
            2 => reply,
            number => reply.cut(100_000 * (number + 1), Step::Close),
        }
    })
    .await;
    let directory = TempDir::new().unwrap();
    let seen = Arc::<Mutex<Vec<_>>>::default();
    let sink = Arc::clone(&seen);
    let downloaded = download(&store.url, directory.path())
        .on_progress(move |progress| sink.lock().unwrap().push(progress.bytes))
        .await
        .unwrap();
    assert_placed(&downloaded, directory.path(), &bytes);
    let ranges: Vec<_> = store.requests().iter().map(Request::from).collect();
    assert_eq!(ranges, [None, Some(100_000), None]);
    assert!(seen.lock().unwrap().is_sorted(), "what is there stays");
}

#[tokio::test]
async fn a_video_that_changed_without_a_word_starts_over() {
    // Neither tag nor date: only the bytes tell.
    let (old, new) = (video(300_000, 0), video(300_000, 7));
    let served = new.clone();
    let count = AtomicUsize::new(0);
    let store = Server::start(move |_, _| match count.fetch_add(1, Relaxed) {
        0 => response("200 OK", "", &old).cut(150_000, Step::Close),
        _ => response("200 OK", "", &served),
    })
    .await;
    let directory = TempDir::new().unwrap();
    let downloaded = download(&store.url, directory.path()).await.unwrap();
    assert_placed(&downloaded, directory.path(), &new);
    assert_eq!(downloaded.requests, 3);
}
