//! Checksums that a store announces.

use super::*;

/// The check values of these bytes, as headers.
fn checksums(bytes: &[u8]) -> [String; 3] {
    use base64::{Engine as _, prelude::BASE64_STANDARD};
    use crc::{CRC_64_XZ, Crc};
    use md5::{Digest as _, Md5};

    let md5: [u8; 16] = Md5::digest(bytes).into();
    let hex = md5.map(|byte| format!("{byte:02x}")).concat();
    let crc64 = Crc::<u64>::new(&CRC_64_XZ).checksum(bytes);
    [
        format!("Content-MD5: {}\r\n", BASE64_STANDARD.encode(md5)),
        format!("x-tos-hash-crc64ecma: {crc64}\r\n"),
        format!("ETag: \"{hex}\"\r\n"),
    ]
}

#[tokio::test]
async fn a_checksum_that_agrees_vouches_for_the_video() {
    let bytes = video(200_000, 0);
    for header in checksums(&bytes) {
        let served = bytes.clone();
        let store = Server::start(move |_, _| response("200 OK", &header, &served)).await;
        let directory = TempDir::new().unwrap();
        let downloaded = download(&store.url, directory.path()).await.unwrap();
        assert_placed(&downloaded, directory.path(), &bytes);
        assert_eq!(downloaded.verification, Verification::Checksum);
        assert_eq!(downloaded.requests, 1);
    }
}

#[tokio::test]
async fn bytes_that_changed_on_the_way_come_again() {
    let bytes = video(200_000, 0);
    for header in checksums(&bytes) {
        let served = bytes.clone();
        let count = AtomicUsize::new(0);
        let store = Server::start(move |_, _| {
            let mut bytes = served.clone();
            bytes[150_000] ^= u8::from(count.fetch_add(1, Relaxed) == 0);
            response("200 OK", &header, &bytes)
        })
        .await;
        let directory = TempDir::new().unwrap();
        let downloaded = download(&store.url, directory.path()).await.unwrap();
        assert_placed(&downloaded, directory.path(), &bytes);
        assert_eq!(downloaded.verification, Verification::Checksum);
        assert_eq!(downloaded.requests, 2);
    }
}

#[tokio::test]
async fn a_checksum_holds_across_connections() {
    let bytes = video(200_000, 0);
    let [_, crc64, etag] = checksums(&bytes);
    for is_damaged in [false, true] {
        let served = bytes.clone();
        let headers = format!("{crc64}{etag}");
        let store = Server::start(move |request, _| match request.from() {
            None => response("200 OK", &headers, &served).cut(120_000, Step::Close),
            Some(from) => {
                let range = format!("Content-Range: bytes {from}-199999/200000\r\n{headers}");
                let mut rest = served[from..].to_vec();
                rest[70_000] ^= u8::from(is_damaged);
                response("206 Partial Content", &range, &rest)
            }
        })
        .await;
        let gateway = gateway(signed(&store.url)).await;
        let directory = TempDir::new().unwrap();
        let url = signed(&store.url);
        let download = of_url(&client(&gateway.url), &url, directory.path());
        if !is_damaged {
            let downloaded = download.await.unwrap();
            assert_placed(&downloaded, directory.path(), &bytes);
            assert_eq!(downloaded.verification, Verification::Checksum);
            continue;
        }
        let error = fail(download).await;
        assert!(error.is_corrupt() && !error.is_retryable(), "{error}");
        assert!(
            error.to_string().contains("`x-tos-hash-crc64ecma`"),
            "{error}"
        );
        assert!(
            error.to_string().ends_with("run again to start over"),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_tag_that_is_no_checksum_after_all_costs_one_request_once() {
    let bytes = video(200_000, 0);
    let served = bytes.clone();
    let tag = "\"0123456789abcdef0123456789abcdef\"";
    let store = Server::start(move |request, _| file(request, &served, tag)).await;
    let client = client("http://127.0.0.1:9");
    for requests in [2, 1] {
        let directory = TempDir::new().unwrap();
        let downloaded = of_url(&client, &signed(&store.url), directory.path())
            .await
            .unwrap();
        assert_placed(&downloaded, directory.path(), &bytes);
        assert_eq!(downloaded.verification, Verification::Container);
        assert_eq!(downloaded.requests, requests);
    }
}
