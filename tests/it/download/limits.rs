//! Limits of time and speed, and servers that ask for fewer requests.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::*;

/// A server that sends so many bytes of a video at a time, so many milliseconds apart, and ends the
/// connection after some time.
async fn drip(bytes: Vec<u8>, (piece, millis): (usize, u64), limit: Duration) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let bytes = bytes.clone();
            tokio::spawn(async move {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(stream.read_u8().await.unwrap_or(b'\n'));
                }
                let length = bytes.len();
                let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n");
                let sending = async {
                    stream.write_all(head.as_bytes()).await?;
                    for piece in bytes.chunks(piece) {
                        stream.write_all(piece).await?;
                        tokio::time::sleep(Duration::from_millis(millis)).await;
                    }
                    std::io::Result::Ok(())
                };
                let _ = tokio::time::timeout(limit, sending).await;
            });
        }
    });
    url
}

const NEVER: Duration = Duration::from_mins(1);

#[tokio::test]
async fn a_store_that_drips_is_left() {
    let url = drip(video(100_000, 0), (600, 20), NEVER).await;
    let gateway = gateway(signed(&url)).await;
    let directory = TempDir::new().unwrap();
    let prepare = || {
        let download = of_url(&client(&gateway.url), &signed(&url), directory.path());
        download.stall_timeout(Duration::from_millis(500)).tries(2)
    };
    let begun = Instant::now();
    let error = fail(prepare().min_speed(1_000_000)).await;
    assert!(error.is_too_slow(), "{error}");
    assert!(
        error.to_string().contains("less than 1.0 MB per second"),
        "{error}"
    );
    assert!(begun.elapsed() < Duration::from_secs(10));
    // The same is fast enough for who has time.
    prepare().min_speed(1000).await.unwrap();
}

#[tokio::test]
async fn the_time_as_a_whole_can_be_limited() {
    let url = drip(video(100_000, 0), (1000, 20), NEVER).await;
    let directory = TempDir::new().unwrap();
    let download = download(&url, directory.path()).total_timeout(Duration::from_millis(600));
    let error = fail(download).await;
    assert!(error.is_timed_out() && error.is_retryable(), "{error}");
    assert!(error.path().is_some(), "what came is kept: {error}");
}

#[tokio::test]
async fn a_transfer_that_is_cut_off_at_the_same_time_is_not_begun_for_ever() {
    // As a gateway does that gives each transfer a minute.
    let url = drip(video(1_000_000, 0), (4000, 20), Duration::from_millis(1200)).await;
    let gateway = gateway(signed(&url)).await;
    let directory = TempDir::new().unwrap();
    let download = of_url(&client(&gateway.url), &signed(&url), directory.path());
    let error = fail(download.tries(9)).await;
    assert!(error.is_too_slow() && !error.is_retryable(), "{error}");
    let message = error.to_string();
    assert!(message.contains("is cut off again after "), "{message}");
    // How much depends on the machine; `cut.rs` tests the figures.
    assert!(
        message.contains("the video needs ") && message.contains("kB per second"),
        "a rate is named: {message}"
    );
}

#[tokio::test]
async fn http_429_is_no_try_and_holds_back_all_downloads_from_there() {
    // Three are let through; then comes a pause, as at a gateway with so many a minute.
    const PAUSE: Duration = Duration::from_millis(1500);
    let bytes = video(50_000, 0);
    let served = bytes.clone();
    let window = Mutex::new((Instant::now(), 0));
    let refused = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&refused);
    let store = Server::start(move |request, _| {
        let mut window = window.lock().unwrap();
        if window.0.elapsed() >= PAUSE {
            *window = (Instant::now(), 0);
        }
        window.1 += 1;
        if window.1 > 3 {
            counter.fetch_add(1, Relaxed);
            return response("429 Too Many Requests", "", b"");
        }
        file(request, &served, TAG)
    })
    .await;
    let client = client("http://127.0.0.1:9");
    let directory = TempDir::new().unwrap();
    let waits = Arc::<Mutex<Vec<_>>>::default();
    let downloads = (0..6).map(|number| {
        let sink = Arc::clone(&waits);
        let download = of_url(&client, &signed(&store.url), directory.path());
        let download = download.file_name(format!("{number}.mp4")).tries(1);
        let download = download.rate_limit_wait(PAUSE);
        download
            .on_wait(move |wait| sink.lock().unwrap().push(wait))
            .into_future()
    });
    for downloaded in futures_util::future::join_all(downloads).await {
        assert_eq!(downloaded.unwrap().sha256, sha256(&bytes));
    }
    // Each of the three that came too late was refused once, and not again and again.
    assert_eq!(refused.load(Relaxed), 3);
    let waits = waits.lock().unwrap();
    assert!(
        waits.iter().any(|wait| wait.delay >= PAUSE / 2),
        "{waits:?}"
    );
    assert!(
        waits[0].reason.contains("asks for fewer requests"),
        "{waits:?}"
    );
}

#[tokio::test]
async fn http_429_without_end_is_given_up() {
    let store =
        Server::start(|_, _| response("429 Too Many Requests", "Retry-After: 0\r\n", b"")).await;
    let gateway = gateway(signed(&store.url)).await;
    let directory = TempDir::new().unwrap();
    let download = of_url(&client(&gateway.url), &signed(&store.url), directory.path());
    // The pace that goes down would take its time.
    let download = download.total_timeout(Duration::from_secs(3));
    let error = fail(download).await;
    assert!(error.is_timed_out(), "{error}");
    assert!(store.requests().len() <= 4, "{}", store.requests().len());
}

#[tokio::test]
async fn a_refusal_whose_page_never_ends_is_a_refusal_soon() {
    // Its length is announced, and it drips.
    let drip = || Step::Drip {
        bytes: vec![b'x'; 1_000_000],
        size: 1,
        pause: Duration::from_millis(50),
    };
    let head = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 1000000\r\n\r\n".to_vec();
    let store = Server::start(move |_, _| -> Reply {
        vec![Step::Send(head.clone()), drip(), Step::Close].into()
    })
    .await;
    let gateway = gateway(signed(&store.url)).await;
    let directory = TempDir::new().unwrap();
    let download = of_url(&client(&gateway.url), &signed(&store.url), directory.path());
    let begun = Instant::now();
    let error = fail(download.stall_timeout(Duration::from_millis(500))).await;
    assert!(error.is_refused(), "{error}");
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "{:?}",
        begun.elapsed()
    );
}
