//! A video as a stream or into a writer, without a file.

use futures_util::StreamExt as _;

use super::*;

fn to_stream(client: &Client, store: &str) -> Download {
    let url = ResultUrl::new(Some(&signed(store)), client.base_url(), None);
    client.download(&id(), url).tries(3)
}

#[tokio::test]
async fn a_stream_goes_on_over_broken_connections() {
    for has_ranges in [true, false] {
        let bytes = video(1 << 20, 0);
        let served = bytes.clone();
        let count = AtomicUsize::new(0);
        let store = Server::start(move |request, _| {
            let reply = if has_ranges {
                file(request, &served, TAG)
            } else {
                response("200 OK", "", &served)
            };
            match count.fetch_add(1, Relaxed) {
                number @ 0..2 => reply.cut(300_000 + number * 100_000, Step::Close),
                _ => reply,
            }
        })
        .await;
        let directory = std::env::current_dir().unwrap();
        let before = names(&directory);
        let client = client("http://127.0.0.1:9");
        let mut stream = to_stream(&client, &store.url).into_stream();
        let mut came = Vec::new();
        while let Some(chunk) = stream.next().await {
            assert!(stream.outcome().is_none());
            came.extend_from_slice(&chunk.unwrap());
        }
        assert!(came == bytes, "{has_ranges}");
        let outcome = stream.outcome().unwrap();
        assert_eq!((outcome.bytes, outcome.requests), (1 << 20, 3));
        assert_eq!(outcome.sha256, sha256(&bytes));
        assert_eq!(outcome.verification, Verification::Container);
        assert_eq!(names(&directory), before, "no file comes about");
    }
}

#[tokio::test]
async fn a_video_is_written_to_a_writer() {
    let bytes = video(200_000, 0);
    let served = bytes.clone();
    let store = Server::start(move |request, _| file(request, &served, TAG)).await;
    let client = client("http://127.0.0.1:9");
    let mut writer = std::io::Cursor::new(Vec::new());
    let outcome = to_stream(&client, &store.url)
        .write_to(&mut writer)
        .await
        .unwrap();
    assert!(writer.into_inner() == bytes);
    assert_eq!(outcome.sha256, sha256(&bytes));

    // A writer that is full.
    let mut small = [0; 100];
    let error = to_stream(&client, &store.url)
        .write_to(std::io::Cursor::new(&mut small[..]))
        .await
        .unwrap_err();
    assert!(error.is_io() && error.path().is_none(), "{error}");
}

#[tokio::test]
async fn a_video_that_changes_midway_ends_a_stream_with_an_error() {
    let count = AtomicUsize::new(0);
    let store = Server::start(move |request, _| match count.fetch_add(1, Relaxed) {
        0 => file(request, &video(300_000, 0), TAG).cut(100_000, Step::Close),
        _ => file(request, &video(300_000, 7), "\"two\""),
    })
    .await;
    let client = client("http://127.0.0.1:9");
    let mut stream = to_stream(&client, &store.url).into_stream();
    let mut came = Vec::new();
    let error = loop {
        match stream.next().await.unwrap() {
            Ok(chunk) => came.extend_from_slice(&chunk),
            Err(error) => break error,
        }
    };
    assert!(error.to_string().contains("has changed"), "{error}");
    assert!(came == video(300_000, 0)[..came.len()]);
    assert!(stream.next().await.is_none() && stream.outcome().is_none());
}

#[tokio::test]
async fn a_stream_that_is_dropped_ends_its_download() {
    let bytes = video(30 << 20, 0);
    let store = Server::start(move |request, _| file(request, &bytes, TAG)).await;
    let client = client("http://127.0.0.1:9");
    let seen = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&seen);
    let mut stream = to_stream(&client, &store.url)
        .on_progress(move |progress| {
            counter.store(usize::try_from(progress.bytes).unwrap(), Relaxed);
        })
        .into_stream();
    stream.next().await.unwrap().unwrap();
    drop(stream);
    // The progress callback belongs to the download, and goes with it.
    seedance_testing::patience::until("the download ends", || Arc::strong_count(&seen) == 1).await;
    assert!(seen.load(Relaxed) < 30 << 20, "{}", seen.load(Relaxed));
}
