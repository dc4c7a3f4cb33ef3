//! Connections that break, and what the next one asks for.

use seedance_testing::patience::until;

use super::*;

#[tokio::test]
async fn a_video_comes_with_its_hash() {
    let bytes = video(300_000, 0);
    let served = bytes.clone();
    let store = Server::start(move |request, _| file(request, &served, TAG)).await;
    let directory = TempDir::new().unwrap();
    let deep = directory.path().join("new/deep");
    let seen = Arc::<Mutex<Vec<_>>>::default();
    let sink = Arc::clone(&seen);
    let downloaded = download(&store.url, &deep)
        .on_progress(move |progress| sink.lock().unwrap().push(progress))
        .await
        .unwrap();
    assert_placed(&downloaded, &deep, &bytes);
    assert_eq!(downloaded.path, deep.join(format!("{}.mp4", id())));
    assert_eq!((downloaded.requests, downloaded.resumed_from), (1, 0));

    let seen = seen.lock().unwrap();
    assert!(seen.windows(2).all(|pair| pair[0].bytes < pair[1].bytes));
    let last = seen.last().unwrap();
    assert_eq!((last.bytes, last.total), (300_000, Some(300_000)));

    let requests = store.requests();
    assert_sparing(&requests);
    let agent = concat!("seedance-query/", env!("CARGO_PKG_VERSION"));
    assert_eq!(requests[0].header("user-agent"), Some(agent));
    assert_eq!(requests[0].header("accept-encoding"), Some("identity"));
    assert_eq!(requests[0].header("authorization"), None);
}

#[tokio::test]
async fn a_connection_that_is_reset_costs_one_range_request() {
    let bytes = video(1 << 20, 0);
    let served = bytes.clone();
    let store = Server::start(move |request, _| {
        let rest = served.len() - request.from().unwrap_or(0);
        let reply = file(request, &served, TAG);
        if rest > 1 << 16 {
            reply.cut(1 << 16, Step::Reset)
        } else {
            reply
        }
    })
    .await;
    let directory = TempDir::new().unwrap();
    let downloaded = download(&store.url, directory.path()).await.unwrap();
    assert_placed(&downloaded, directory.path(), &bytes);
    let requests = store.requests();
    assert_sparing(&requests);
    assert_eq!(downloaded.requests as usize, requests.len());
    assert!((16..40).contains(&requests.len()), "{}", requests.len());
    // What had come before a reset does not come again.
    let starts: Vec<_> = requests
        .iter()
        .map(|request| request.from().unwrap_or(0))
        .collect();
    assert!(starts.is_sorted(), "{starts:?}");
    assert_eq!(downloaded.resumed_from, 0);
}

#[tokio::test]
async fn the_next_process_goes_on_from_there() {
    let bytes = video(500_000, 0);
    let served = bytes.clone();
    let store = Server::start(move |request, _| {
        let reply = file(request, &served, TAG);
        match request.from() {
            None => reply.cut(200_000, Step::Silence),
            Some(_) => reply,
        }
    })
    .await;
    let directory = TempDir::new().unwrap();
    let part = directory.path().join("v.mp4.part");
    let prepare = || download(&store.url, directory.path()).file_name("v.mp4");
    interrupt(prepare(), &part, 200_000).await;
    assert_eq!(fs::metadata(&part).unwrap().len(), 200_000);
    let note = fs::read_to_string(part.with_added_extension("json")).unwrap();
    assert!(!note.contains("http") && !note.contains(SECRET), "{note}");

    // The lock went with the download, so there is nothing to wait for.
    let seen = Arc::<Mutex<Vec<_>>>::default();
    let sink = Arc::clone(&seen);
    let downloaded = prepare()
        .on_progress(move |progress| sink.lock().unwrap().push(progress))
        .await
        .unwrap();
    assert_placed(&downloaded, directory.path(), &bytes);
    assert_eq!((downloaded.requests, downloaded.resumed_from), (1, 200_000));
    assert!(
        seen.lock()
            .unwrap()
            .iter()
            .all(|progress| progress.bytes >= 200_000 && progress.resumed_from == 200_000)
    );
    let requests = store.requests();
    assert_sparing(&requests);
    assert_eq!(requests[1].header("range"), Some("bytes=200000-"));
    assert_eq!(requests[1].header("if-range"), Some(TAG));
}

#[tokio::test]
async fn a_complete_part_needs_no_request() {
    let bytes = video(100_000, 0);
    let served = bytes.clone();
    let store = Server::start(move |request, _| file(request, &served, TAG)).await;
    let directory = TempDir::new().unwrap();
    let part = directory.path().join("v.mp4.part");
    let prepare = || download(&store.url, directory.path()).file_name("v.mp4");
    // As after a crash between the last byte and the renaming.
    let other = TempDir::new().unwrap();
    let other_part = other.path().join("v.mp4.part");
    let served = bytes.clone();
    let hanging =
        Server::start(move |request, _| file(request, &served, TAG).cut(99_000, Step::Silence))
            .await;
    let unfinished = download(&hanging.url, other.path()).file_name("v.mp4");
    interrupt(unfinished, &other_part, 99_000).await;
    let state = other_part.with_added_extension("json");
    let read = || fs::read_to_string(&state).unwrap();
    until("the last bytes are synced", || {
        read().contains("\"synced\":99000")
    })
    .await;
    let mut state: serde_json::Value = serde_json::from_str(&read()).unwrap();
    state["synced"] = 100_000.into();
    state["synced_sha256"] = sha256(&bytes).into();
    fs::write(part.with_added_extension("json"), state.to_string()).unwrap();
    fs::write(&part, &bytes).unwrap();
    // The state is of another host's file, so the bytes are compared with what this one has.
    let downloaded = prepare().await.unwrap();
    assert_placed(&downloaded, directory.path(), &bytes);
    assert_eq!((downloaded.requests, downloaded.resumed_from), (1, 0));

    fs::rename(&downloaded.path, &part).unwrap();
    fs::write(part.with_added_extension("json"), state.to_string()).unwrap();
    let offline = download(&hanging.url, directory.path()).file_name("v.mp4");
    let downloaded = offline.await.unwrap();
    assert_placed(&downloaded, directory.path(), &bytes);
    assert_eq!((downloaded.requests, downloaded.resumed_from), (0, 100_000));
    assert_eq!(hanging.requests().len(), 1);
}

#[tokio::test]
async fn only_what_was_synced_is_gone_on_from() {
    // As after a power cut: the file has its length, but not all of its bytes.
    for (kept, synced) in [(150_000, 150_000), (200_000, 150_000), (150_000, 200_000)] {
        for is_damaged in [false, true] {
            let bytes = video(300_000, 0);
            let served = bytes.clone();
            let count = AtomicUsize::new(0);
            let store = Server::start(move |request, _| match count.fetch_add(1, Relaxed) {
                0 => file(request, &served, TAG).cut(200_000, Step::Silence),
                _ => file(request, &served, TAG),
            })
            .await;
            let directory = TempDir::new().unwrap();
            let part = directory.path().join("v.mp4.part");
            let prepare = || download(&store.url, directory.path()).file_name("v.mp4");
            interrupt(prepare(), &part, 200_000).await;
            let path = part.with_added_extension("json");
            let read = || fs::read_to_string(&path).unwrap();
            until("the last bytes are synced", || {
                read().contains("\"synced\":200000")
            })
            .await;
            let mut state: serde_json::Value = serde_json::from_str(&read()).unwrap();
            state["synced"] = synced.into();
            state["synced_sha256"] = sha256(&bytes[..synced]).into();
            fs::write(&path, state.to_string()).unwrap();
            let mut there = bytes[..kept].to_vec();
            there[synced.min(kept) - 1] ^= u8::from(is_damaged);
            // What was not synced is nothing but zeros.
            let end = there.len();
            there[synced.min(end)..].fill(0);
            fs::write(&part, &there).unwrap();
            let is_trusted = !is_damaged && kept >= synced;
            let resumed_from = if is_trusted { synced as u64 } else { 0 };
            let downloaded = prepare().await.unwrap();
            assert_eq!(store.requests()[1].from().is_some(), is_trusted);
            assert_placed(&downloaded, directory.path(), &bytes);
            assert_eq!(downloaded.resumed_from, resumed_from);
        }
    }
}

#[tokio::test]
async fn a_file_that_changed_starts_over() {
    for has_ranges in [true, false] {
        let new = video(300_000, 7);
        let served = new.clone();
        let count = AtomicUsize::new(0);
        let store = Server::start(move |request, _| {
            if count.fetch_add(1, Relaxed) == 0 {
                return file(request, &video(400_000, 0), TAG).cut(150_000, Step::Close);
            }
            let reply = file(request, &served, "\"two\"");
            let honest = response("200 OK", "ETag: \"two\"\r\n", &served);
            if has_ranges { reply } else { honest }
        })
        .await;
        let directory = TempDir::new().unwrap();
        let downloaded = download(&store.url, directory.path()).await.unwrap();
        assert_placed(&downloaded, directory.path(), &new);
        assert_eq!(
            downloaded.requests, 2,
            "the very response that says so is used"
        );
        assert_sparing(&store.requests());
    }
}

#[tokio::test]
async fn a_range_of_another_file_is_not_mixed_in() {
    let new = video(300_000, 7);
    let served = new.clone();
    let count = AtomicUsize::new(0);
    let store = Server::start(move |request, _| match count.fetch_add(1, Relaxed) {
        0 => file(request, &video(300_000, 0), TAG).cut(150_000, Step::Close),
        // It knows ranges, but not what `If-Range` is for.
        1 => {
            let range = "ETag: \"two\"\r\nContent-Range: bytes 150000-299999/300000\r\n";
            response("206 Partial Content", range, &served[150_000..])
        }
        _ => file(request, &served, "\"two\""),
    })
    .await;
    let directory = TempDir::new().unwrap();
    let downloaded = download(&store.url, directory.path()).await.unwrap();
    assert_placed(&downloaded, directory.path(), &new);
    assert_eq!(downloaded.requests, 3);
    assert_eq!(store.requests()[2].header("range"), None);
}

#[tokio::test]
async fn without_a_strong_validator_it_starts_over() {
    for (headers, if_range) in [
        ("", None),
        ("ETag: W/\"one\"\r\n", None),
        ("ETag: one\r\n", None),
        (
            "ETag: W/\"one\"\r\nLast-Modified: Wed, 21 Oct 2015 07:28:00 GMT\r\n",
            Some("Wed, 21 Oct 2015 07:28:00 GMT"),
        ),
    ] {
        let bytes = video(300_000, 0);
        let served = bytes.clone();
        let count = AtomicUsize::new(0);
        let store = Server::start(move |request, _| {
            let first = count.fetch_add(1, Relaxed) == 0;
            match request.from() {
                Some(from) => {
                    let range = format!("Content-Range: bytes {from}-299999/300000\r\n{headers}");
                    response("206 Partial Content", &range, &served[from..])
                }
                None if first => response("200 OK", headers, &served).cut(100_000, Step::Close),
                None => response("200 OK", headers, &served),
            }
        })
        .await;
        let directory = TempDir::new().unwrap();
        let downloaded = download(&store.url, directory.path()).await.unwrap();
        assert_placed(&downloaded, directory.path(), &bytes);
        assert_eq!(
            store.requests()[1].header("if-range"),
            if_range,
            "{headers}"
        );
    }
}

#[tokio::test]
async fn a_promise_of_too_many_bytes_is_settled_by_the_next_answer() {
    let bytes = video(300_000, 0);
    let served = bytes.clone();
    let store = Server::start(move |request, _| match request.from() {
        None => {
            let headers = format!("Content-Length: 301000\r\nETag: {TAG}\r\n");
            raw("200 OK", &headers, &served)
        }
        Some(_) => file(request, &served, TAG),
    })
    .await;
    let directory = TempDir::new().unwrap();
    let downloaded = download(&store.url, directory.path()).await.unwrap();
    assert_placed(&downloaded, directory.path(), &bytes);
    assert_eq!(downloaded.requests, 2);
}

#[tokio::test]
async fn without_a_length_the_boxes_tell_whether_it_is_whole() {
    let bytes = video(300_000, 0);
    let served = bytes.clone();
    let store = Server::start(move |request, _| match request.from() {
        None => raw("200 OK", &format!("ETag: {TAG}\r\n"), &served[..120_000]),
        Some(_) => file(request, &served, TAG),
    })
    .await;
    let directory = TempDir::new().unwrap();
    let downloaded = download(&store.url, directory.path()).await.unwrap();
    assert_placed(&downloaded, directory.path(), &bytes);
    assert_sparing(&store.requests());

    // With a length, it is the store's own file that is broken.
    let store =
        Server::start(move |request, _| file(request, &video(300_000, 0)[..120_000], TAG)).await;
    let gateway = gateway(signed(&store.url)).await;
    let directory = TempDir::new().unwrap();
    let download = || of_url(&client(&gateway.url), &signed(&store.url), directory.path());
    let error = fail(download()).await;
    assert!(error.is_not_a_video() && !error.is_retryable(), "{error}");
    assert!(error.to_string().contains("ends at 300000"), "{error}");
    assert_eq!(store.requests().len(), 1);
    // It is kept, but not gone on from.
    assert_eq!(fs::metadata(error.path().unwrap()).unwrap().len(), 120_000);
    assert!(
        error.to_string().ends_with("run again to start over"),
        "{error}"
    );
    fail(download()).await;
    assert_eq!(store.requests()[1].header("range"), None);
}
