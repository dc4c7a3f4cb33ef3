//! Downloads against real sockets on loopback.

use std::{
    collections::HashSet,
    error::Error as _,
    fs,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use seedance_query::{Client, Download, DownloadError, Downloaded, ResultUrl, TaskId};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use crate::store::{Reply, Request, Store, Then, file, raw, response};

const KEY: &str = "sk-test-0123456789abcdef";
const SECRET: &str = "5ec2e75ec2e7";
const TAG: &str = "\"one\"";

fn id() -> TaskId {
    "asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F".parse().unwrap()
}

/// A file with the boxes of a video; the seed tells two of a length apart.
fn video(length: usize, seed: u8) -> Vec<u8> {
    let mut bytes = b"\0\0\0\x10ftypisom\0\0\0\0".to_vec();
    let rest = u32::try_from(length - bytes.len()).unwrap();
    bytes.extend(rest.to_be_bytes());
    bytes.extend(b"mdat");
    while bytes.len() < length {
        let at = bytes.len();
        bytes.push(u8::try_from((at ^ (at >> 8) ^ (at >> 16)) & 0xff).unwrap() ^ seed);
    }
    bytes
}

fn sha256(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn client(gateway: &str) -> Client {
    let builder = Client::builder().base_url(gateway).api_key(KEY);
    builder.timeout(Duration::from_secs(20)).build().unwrap()
}

/// A signed URL of a store.
fn signed(store: &str) -> String {
    format!("{store}/v.mp4?X-Tos-Signature={SECRET}")
}

/// A download from a store, by a client whose gateway nobody may ask.
fn download(store: &str, directory: &Path) -> Download {
    of_url(&client("http://127.0.0.1:9"), &signed(store), directory)
}

fn of_url(client: &Client, url: &str, directory: &Path) -> Download {
    let url = ResultUrl::new(Some(url), client.base_url(), None);
    let download = client.download(&id(), url).into_dir(directory);
    download.tries(3).stall_timeout(Duration::from_secs(10))
}

/// A gateway whose task has ended with this URL.
async fn gateway(url: String) -> Store {
    Store::start(move |_| {
        let body = format!(
            r#"{{"code":"success","message":"","data":{{"task_id":"t","status":"SUCCESS","result_url":"{url}"}}}}"#
        );
        response("200 OK", "", body.as_bytes())
    })
    .await
}

/// Waits for the error, and looks whether it tells what it must not.
async fn fail(download: Download) -> DownloadError {
    let error = download.await.unwrap_err();
    let mut shown = format!("{error} {error:?}");
    let mut source = error.source();
    while let Some(cause) = source {
        shown.push_str(&format!(" {cause} {cause:?}"));
        source = cause.source();
    }
    for secret in [KEY, SECRET, "0123456789abcdef"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    error
}

fn names(directory: &Path) -> HashSet<String> {
    let entries = fs::read_dir(directory).unwrap();
    let name = |entry: fs::DirEntry| entry.file_name().into_string().unwrap();
    entries.map(|entry| name(entry.unwrap())).collect()
}

/// The file is the video, and nothing else is left.
fn assert_placed(downloaded: &Downloaded, directory: &Path, bytes: &[u8]) {
    assert_eq!(downloaded.bytes, bytes.len() as u64);
    assert_eq!(downloaded.sha256, sha256(bytes));
    assert!(fs::read(&downloaded.path).unwrap() == bytes);
    assert_eq!(names(directory).len(), 1, "{:?}", names(directory));
}

/// No HEAD, and no request but the first without a range.
fn assert_sparing(requests: &[Request]) {
    for (index, request) in requests.iter().enumerate() {
        assert_eq!(request.method, "GET");
        assert_eq!(request.header("range").is_some(), index > 0, "{requests:?}");
        assert_eq!(request.header("if-range").is_some(), index > 0);
    }
}

#[tokio::test]
async fn a_video_comes_with_its_hash() {
    let bytes = video(300_000, 0);
    let served = bytes.clone();
    let store = Store::start(move |request| file(request, &served, TAG)).await;
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
    let store = Store::start(move |request| {
        let rest = served.len() - request.from().unwrap_or(0);
        let reply = file(request, &served, TAG);
        if rest > 1 << 16 {
            reply.cut(1 << 16, Then::Reset)
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

/// Drops a download when so many bytes of it are on the disk.
async fn interrupt(download: Download, part: &Path, bytes: u64) {
    let running = download.into_future();
    let there = async {
        let deadline = Instant::now() + Duration::from_secs(20);
        while fs::metadata(part).map_or(0, |metadata| metadata.len()) < bytes {
            assert!(Instant::now() < deadline, "the part does not grow");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    tokio::select! {
        outcome = running => panic!("{outcome:?}"),
        () = there => {}
    }
}

#[tokio::test]
async fn the_next_process_goes_on_from_there() {
    let bytes = video(500_000, 0);
    let served = bytes.clone();
    let store = Store::start(move |request| {
        let reply = file(request, &served, TAG);
        match request.from() {
            None => reply.cut(200_000, Then::Hang),
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
    let store = Store::start(move |request| file(request, &served, TAG)).await;
    let directory = TempDir::new().unwrap();
    let part = directory.path().join("v.mp4.part");
    let prepare = || download(&store.url, directory.path()).file_name("v.mp4");
    // As after a crash between the last byte and the renaming.
    let other = TempDir::new().unwrap();
    let other_part = other.path().join("v.mp4.part");
    let served = bytes.clone();
    let hanging =
        Store::start(move |request| file(request, &served, TAG).cut(99_000, Then::Hang)).await;
    let unfinished = download(&hanging.url, other.path()).file_name("v.mp4");
    interrupt(unfinished, &other_part, 99_000).await;
    let note = fs::read_to_string(other_part.with_added_extension("json")).unwrap();
    fs::write(part.with_added_extension("json"), &note).unwrap();
    fs::write(&part, &bytes).unwrap();
    // The note is of another host's file, so its bytes are not believed.
    let downloaded = prepare().await.unwrap();
    assert_eq!((downloaded.requests, downloaded.resumed_from), (1, 0));

    fs::rename(&downloaded.path, &part).unwrap();
    fs::write(part.with_added_extension("json"), &note).unwrap();
    let offline = download(&hanging.url, directory.path()).file_name("v.mp4");
    let downloaded = offline.await.unwrap();
    assert_placed(&downloaded, directory.path(), &bytes);
    assert_eq!((downloaded.requests, downloaded.resumed_from), (0, 100_000));
    assert_eq!(hanging.requests().len(), 1);
}

#[tokio::test]
async fn a_file_that_changed_starts_over() {
    for has_ranges in [true, false] {
        let new = video(300_000, 7);
        let served = new.clone();
        let count = AtomicUsize::new(0);
        let store = Store::start(move |request| {
            if count.fetch_add(1, Relaxed) == 0 {
                return file(request, &video(400_000, 0), TAG).cut(150_000, Then::Close);
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
    let store = Store::start(move |request| match count.fetch_add(1, Relaxed) {
        0 => file(request, &video(300_000, 0), TAG).cut(150_000, Then::Close),
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
        let store = Store::start(move |request| {
            let first = count.fetch_add(1, Relaxed) == 0;
            match request.from() {
                Some(from) => {
                    let range = format!("Content-Range: bytes {from}-299999/300000\r\n{headers}");
                    response("206 Partial Content", &range, &served[from..])
                }
                None if first => response("200 OK", headers, &served).cut(100_000, Then::Close),
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
    let store = Store::start(move |request| match request.from() {
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
    let store = Store::start(move |request| match request.from() {
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
        Store::start(move |request| file(request, &video(300_000, 0)[..120_000], TAG)).await;
    let directory = TempDir::new().unwrap();
    let error = fail(download(&store.url, directory.path())).await;
    assert!(error.is_not_a_video() && !error.is_retryable(), "{error}");
    assert!(error.to_string().contains("ends at 300000"), "{error}");
    assert_eq!(store.requests().len(), 1);
    // It is kept, but not gone on from.
    assert_eq!(fs::metadata(error.path().unwrap()).unwrap().len(), 120_000);
    assert!(
        error.to_string().ends_with("run again to start over"),
        "{error}"
    );
    fail(download(&store.url, directory.path())).await;
    assert_eq!(store.requests()[1].header("range"), None);
}

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
        let store = Store::start(move |request| match count.fetch_add(1, Relaxed) {
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
    let store = Store::start(|_| response("503 Unavailable", "", b"<title>busy</title>")).await;
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
        Reply(Vec::new(), Then::Hang),
        response("200 OK", "", &bytes).cut(50_000, Then::Hang),
    ] {
        let store = Store::start(move |_| reply.clone()).await;
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
    let store = Store::start(move |request| match request.from() {
        None => file(request, &bytes, TAG).cut(50_000, Then::Close),
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
async fn a_store_that_never_gets_further_is_left_in_the_end() {
    // It knows no ranges, and breaks off: each try brings bytes, but no new ones.
    let bytes = video(100_000, 0);
    let store = Store::start(move |_| {
        response("200 OK", "ETag: \"one\"\r\n", &bytes).cut(50_000, Then::Close)
    })
    .await;
    let directory = TempDir::new().unwrap();
    let error = fail(download(&store.url, directory.path())).await;
    assert!(error.is_interrupted(), "{error}");
    assert_eq!(store.requests().len(), 4, "the first one brought new bytes");
}

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
        let store = Store::start(move |request| match count.fetch_add(1, Relaxed) {
            // It expires in the middle.
            0 => file(request, &served, TAG).cut(100_000, Then::Close),
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
    let store = Store::start(move |_| response("403 Forbidden", "", xml.as_bytes())).await;
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
        assert_eq!(gateway.requests().len(), 1);
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
    let store = Store::start(move |request| file(request, &served, TAG)).await;
    let gateway_of = gateway(signed(&store.url)).await;
    let directory = TempDir::new().unwrap();
    let missing = |gateway: &Store| {
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
    let store = Store::start(move |request| match request.target.as_str() {
        "/original" => file(request, &served, TAG),
        _ => response("404 Not Found", "", b""),
    })
    .await;
    let url = store.url.clone();
    let gateway = Store::start(move |_| {
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
    let other = Store::start(move |request| file(request, &served, TAG)).await;
    let location = format!("Location: {}\r\n", signed(&other.url));
    let gateway = Store::start(move |request| match request.target.as_str() {
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
    let gateway = Store::start(move |request| file(request, &served, TAG)).await;
    let location = format!("Location: {}/v1/anything\r\n", gateway.url);
    let store = Store::start(move |_| response("302 Found", &location, b"")).await;
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
    let store = Store::start(move |_| {
        let next = counter.fetch_add(1, Relaxed);
        let location = format!("Location: /{next}?X-Tos-Signature={SECRET}\r\n");
        response("302 Found", &location, b"")
    })
    .await;
    let directory = TempDir::new().unwrap();
    let error = fail(download(&store.url, directory.path())).await;
    assert!(error.is_unusable_url() && !error.is_retryable(), "{error}");
    assert_eq!(count.load(Relaxed), 11);

    let store = Store::start(move |_| {
        let location = format!("Location: ftp://a.example/v?X-Tos-Signature={SECRET}\r\n");
        response("302 Found", &location, b"")
    })
    .await;
    let error = fail(download(&store.url, directory.path())).await;
    assert!(error.is_unusable_url(), "{error}");
    assert_eq!(error.status().unwrap(), 302);
}

#[tokio::test]
async fn a_page_is_not_a_video() {
    let page = format!("<html><title>Sign in {KEY} {SECRET}</title></html>").into_bytes();
    for (reply, words) in [
        (
            response("200 OK", "Content-Type: text/html\r\n", &page),
            "a body text/html, \"Sign in … …\"",
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
        let store = Store::start(move |_| reply.clone()).await;
        let gateway = gateway(format!("{}/w.mp4?X-Tos-Signature=fresh", store.url)).await;
        let directory = TempDir::new().unwrap();
        let url = signed(&store.url);
        let error = fail(of_url(&client(&gateway.url), &url, directory.path())).await;
        assert!(error.is_not_a_video() && !error.is_retryable(), "{error}");
        assert!(error.to_string().contains(words), "{error}");
        // Some hosts answer so when a URL has expired.
        assert_eq!((store.requests().len(), gateway.requests().len()), (2, 1));
        assert!(names(directory.path()).is_empty());
    }
}

#[tokio::test]
async fn a_page_does_no_harm_to_what_is_there() {
    let bytes = video(100_000, 0);
    let store = Store::start(move |request| match request.from() {
        None => file(request, &bytes, TAG).cut(50_000, Then::Close),
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
    let store = Store::start(move |_| {
        let headers = "Content-Length: 1099511627776\r\n";
        raw("200 OK", headers, &video(100_000, 0)[..])
    })
    .await;
    let directory = TempDir::new().unwrap();
    let error = fail(download(&store.url, directory.path())).await;
    assert!(error.is_too_large() && !error.is_retryable(), "{error}");
    assert!(names(directory.path()).is_empty());

    // Without a length it is found out on the way.
    let store = Store::start(move |_| raw("200 OK", "", &video(500_000, 0))).await;
    let error = fail(download(&store.url, directory.path()).max_bytes(200_000)).await;
    assert!(error.is_too_large(), "{error}");
    assert!(fs::metadata(error.path().unwrap()).unwrap().len() <= 200_000);
}

#[tokio::test]
async fn what_exists_is_not_overwritten_unless_told_to() {
    let bytes = video(1000, 0);
    let served = bytes.clone();
    let store = Store::start(move |request| file(request, &served, TAG)).await;
    let directory = TempDir::new().unwrap();
    let target = directory.path().join("v.mp4");
    fs::write(&target, "mine").unwrap();
    let prepare = || download(&store.url, directory.path()).file_name("v.mp4");
    let error = fail(prepare()).await;
    assert!(error.is_exists() && !error.is_retryable(), "{error}");
    assert_eq!(fs::read(&target).unwrap(), b"mine");
    assert!(store.requests().is_empty());

    let downloaded = prepare().overwrite(true).await.unwrap();
    assert_placed(&downloaded, directory.path(), &bytes);
}

#[tokio::test]
async fn what_appears_meanwhile_is_not_overwritten_either() {
    let bytes = video(1000, 0);
    let directory = TempDir::new().unwrap();
    let target = directory.path().join("v.mp4");
    let (served, theirs) = (bytes.clone(), target.clone());
    let store = Store::start(move |request| {
        fs::write(&theirs, "mine").unwrap();
        file(request, &served, TAG)
    })
    .await;
    let prepare = || download(&store.url, directory.path()).file_name("v.mp4");
    let error = fail(prepare()).await;
    assert!(error.is_exists(), "{error}");
    assert_eq!(fs::read(&target).unwrap(), b"mine");
    // The video is not lost, and does not have to come again.
    assert_eq!(fs::read(error.path().unwrap()).unwrap(), bytes);
    let downloaded = prepare().overwrite(true).await.unwrap();
    assert_placed(&downloaded, directory.path(), &bytes);
    assert_eq!(downloaded.requests, 0);
}

#[tokio::test]
async fn nothing_is_written_outside_of_the_directory() {
    let directory = TempDir::new().unwrap();
    for name in [
        "", ".", "..", "../v.mp4", "/v.mp4", "a/b", "a\\b", "a\0b", "v.part",
    ] {
        let download = download("http://127.0.0.1:9", directory.path()).file_name(name);
        let error = fail(download).await;
        assert!(error.is_input(), "{name:?}: {error}");
    }
    let bytes = video(1000, 0);
    let served = bytes.clone();
    let store = Store::start(move |request| file(request, &served, TAG)).await;
    let client = client("http://127.0.0.1:9");
    for (index, name) in ["..", "task/ü?#%", "../../x", "CON", &"x".repeat(4000)]
        .iter()
        .enumerate()
    {
        let url = ResultUrl::new(Some(&signed(&store.url)), client.base_url(), None);
        let id: TaskId = name.parse().unwrap();
        client
            .download(&id, url)
            .into_dir(directory.path())
            .await
            .unwrap();
        assert_eq!(names(directory.path()).len(), index + 1);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_part_that_is_no_file_is_left_alone() {
    let directory = TempDir::new().unwrap();
    let mine = directory.path().join("mine");
    fs::write(&mine, "mine").unwrap();
    let part = directory.path().join("v.mp4.part");
    let prepare = || download("http://127.0.0.1:9", directory.path()).file_name("v.mp4");
    std::os::unix::fs::symlink(&mine, &part).unwrap();
    let error = fail(prepare()).await;
    assert!(
        error.is_io() && error.source().unwrap().is::<std::io::Error>(),
        "{error}"
    );
    assert_eq!(fs::read(&mine).unwrap(), b"mine");

    fs::remove_file(&part).unwrap();
    fs::create_dir(&part).unwrap();
    let error = fail(prepare()).await;
    assert!(error.is_io() && !error.is_disk_full(), "{error}");

    // The directory is a file.
    let error = fail(download("http://127.0.0.1:9", &mine)).await;
    assert!(error.is_io(), "{error}");
}

#[tokio::test]
async fn a_part_that_shares_its_bytes_with_a_finished_file_is_not_written_to() {
    // As after a crash between the new name and the removal of the old one.
    let bytes = video(1000, 0);
    let served = bytes.clone();
    let store = Store::start(move |request| file(request, &served, TAG)).await;
    let directory = TempDir::new().unwrap();
    let finished = directory.path().join("finished.mp4");
    fs::write(&finished, "finished").unwrap();
    fs::hard_link(&finished, directory.path().join("v.mp4.part")).unwrap();
    download(&store.url, directory.path())
        .file_name("v.mp4")
        .await
        .unwrap();
    assert_eq!(names(directory.path()).len(), 2);
    if cfg!(unix) {
        assert_eq!(fs::read(&finished).unwrap(), b"finished");
    }
}

#[tokio::test]
async fn two_downloads_of_one_file_exclude_each_other() {
    let store =
        Store::start(move |request| file(request, &video(100_000, 0), TAG).cut(50_000, Then::Hang))
            .await;
    let directory = TempDir::new().unwrap();
    let part = directory.path().join("v.mp4.part");
    let prepare = || download(&store.url, directory.path()).file_name("v.mp4");
    let lock = {
        fs::write(&part, "theirs").unwrap();
        fs::File::open(&part).unwrap()
    };
    lock.try_lock().unwrap();
    let error = fail(prepare()).await;
    assert!(error.is_busy() && error.is_retryable(), "{error}");
    assert_eq!(fs::read(&part).unwrap(), b"theirs");
    assert!(store.requests().is_empty());
    drop(lock);
    interrupt(prepare(), &part, 50_000).await;
}
