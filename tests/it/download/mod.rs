//! Downloads against real sockets on loopback.

mod addresses;
mod checksums;
mod containers;
mod content;
mod disk;
mod gateway;
mod limits;
mod ranges;
mod resume;
mod retry;
mod routes;
mod stream;
mod url;

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

use seedance_query::{
    Client, Download, DownloadError, Downloaded, ResultUrl, TaskId, Verification,
};
use sha2::{Digest, Sha256};
use tempfile::TempDir;

use seedance_testing::{
    http_message::Request,
    http_server::{Reply, Server, Step},
    mp4::{media, movie, mp4_box},
    replies::{file, raw, response},
};

const KEY: &str = "sk-test-0123456789abcdef";
const SECRET: &str = "5ec2e75ec2e7";
const TAG: &str = "\"one\"";

fn id() -> TaskId {
    "asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F".parse().unwrap()
}

/// A whole MP4 of this length; the seed tells two of a length apart.
fn video(length: usize, seed: u8) -> Vec<u8> {
    let file_type = mp4_box(b"ftyp", b"isom\0\0\0\0");
    let start = file_type.len() + movie(&[0], false).len() + 8;
    let movie = movie(&[u32::try_from(start).unwrap()], false);
    let mut media = media(length - start);
    for byte in &mut media {
        *byte ^= seed;
    }
    let bytes = [file_type, movie, mp4_box(b"mdat", &media)].concat();
    assert_eq!(bytes.len(), length);
    bytes
}

fn sha256(bytes: &[u8]) -> String {
    format!(
        "{:x}",
        bytes::Bytes::copy_from_slice(&Sha256::digest(bytes))
    )
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

/// A gateway whose task has ended with this URL, and which has no video itself.
async fn gateway(url: String) -> Server {
    gateway_with_content(url, |_| response("404 Not Found", "", b"")).await
}

/// The path under which a gateway passes on the video itself.
fn content_path() -> String {
    format!("/v1/videos/{}/content", id())
}

/// A gateway whose task has ended with this URL, and which answers so about the video itself.
async fn gateway_with_content(
    url: String,
    content: impl Fn(&Request) -> Reply + Send + Sync + 'static,
) -> Server {
    Server::start(move |request, _| {
        if request.target == content_path() {
            return content(request);
        }
        let body = format!(
            r#"{{"code":"success","message":"","data":{{"task_id":"t","status":"SUCCESS","result_url":"{url}"}}}}"#
        );
        response("200 OK", "", body.as_bytes())
    })
    .await
}

/// How often a gateway was asked for the task, and for the video.
fn counts(gateway: &Server) -> (usize, usize) {
    let requests = gateway.requests();
    let content = content_path();
    let is_content = |request: &&Request| request.target == content;
    let videos = requests.iter().filter(is_content).count();
    (requests.len() - videos, videos)
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
