//! Buckets that refuse, are full, slow, or have something else; and arguments that cannot be used.

use std::process::Command;

use seedance_external_tests::seedance_query;
use seedance_mock::Video;
use tempfile::TempDir;

use super::{
    Bucket, all_stored, command, faults::Fault, fetch, gateway, ids, kept, of_kind, problem, run,
    transfers,
};

/// A store that does not take a video keeps nothing from being stored later, without a second download.
async fn is_left_and_goes_on(bucket: &str, fault: Fault, words: &[&str]) {
    let gateway = gateway().start().await.unwrap();
    let bucket = Bucket::new(bucket).await;
    bucket.proxy.next("PUT", ".mp4", usize::MAX, fault);
    let scratch = TempDir::new().unwrap();
    let ids = ids(1);
    let (code, events, err) = run(fetch(&gateway, &bucket, scratch.path(), &ids)).await;
    assert_eq!(code, 3, "{err}");
    let problem = problem(&events);
    for words in words {
        assert!(problem.contains(words), "{problem}");
    }
    assert!(kept(scratch.path()).contains(&format!("{}.mp4.part", ids[0])));
    assert!(bucket.keys().await.is_empty());
    let begun = transfers(&gateway);
    bucket.proxy.heal();
    let (code, _, err) = run(fetch(&gateway, &bucket, scratch.path(), &ids)).await;
    assert_eq!(code, 0, "{err}");
    all_stored(&gateway, &bucket, &ids).await;
    assert_eq!(transfers(&gateway), begun, "it was there");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_denies() {
    let words = ["HTTP 403 (AccessDenied)", "policy", "is kept in"];
    is_left_and_goes_on("denies", Fault::Status(403, "AccessDenied"), &words).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_is_full() {
    let words = ["full", "make room"];
    is_left_and_goes_on("full", Fault::Status(507, "XMinioStorageFull"), &words).await;
    let words = ["HTTP 403 (QuotaExceeded)", "full"];
    is_left_and_goes_on("quota", Fault::Status(403, "QuotaExceeded"), &words).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_answers_slowly() {
    let gateway = gateway().start().await.unwrap();
    let bucket = Bucket::new("slow").await;
    bucket.proxy.next("PUT", ".mp4", 1, Fault::Silence);
    bucket.proxy.next("HEAD", ".mp4", 1, Fault::Silence);
    let scratch = TempDir::new().unwrap();
    let ids = ids(1);
    let mut fetch = fetch(&gateway, &bucket, scratch.path(), &ids);
    fetch.env("AWS_TIMEOUT", "1s");
    let (code, events, err) = run(fetch).await;
    assert_eq!(code, 0, "{err} {events:?}");
    all_stored(&gateway, &bucket, &ids).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_is_missing_is_said_before_anything_is_queried() {
    let gateway = gateway().start().await.unwrap();
    let bucket = Bucket::missing("missing").await;
    let scratch = TempDir::new().unwrap();
    let (code, _, err) = run(fetch(&gateway, &bucket, scratch.path(), &ids(1))).await;
    assert_eq!(code, 2);
    assert!(
        err.contains("HTTP 404 (NoSuchBucket)") && err.contains("create it"),
        "{err}"
    );
    assert!(gateway.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn other_content_is_left_as_it_is() {
    for (name, length) in [("occupied", 100_000), ("occupied-parts", 9_000_000)] {
        let gateway = gateway().video_bytes(length).start().await.unwrap();
        let bucket = Bucket::new(name).await;
        let scratch = TempDir::new().unwrap();
        let ids = ids(2);
        let other = gateway.video(&ids[1], Video::Result).to_vec();
        bucket.put(&format!("{}.mp4", ids[0]), other.clone()).await;
        let (code, events, err) = run(fetch(&gateway, &bucket, scratch.path(), &ids[..1])).await;
        assert_eq!(code, 3, "{err}");
        let problem = problem(&events);
        assert!(
            problem.contains("other content") && problem.contains("move it away"),
            "{problem}"
        );
        let object = bucket.get(&format!("{}.mp4", ids[0])).await.unwrap();
        assert!(object.bytes == other, "it is as it was");
        assert_eq!(bucket.uploads().await, 0);

        // What has the same content is the video, whoever has stored it.
        let same = gateway.video(&ids[0], Video::Result).to_vec();
        bucket.put(&format!("{}.mp4", ids[0]), same).await;
        let (code, _, err) = run(fetch(&gateway, &bucket, scratch.path(), &[])).await;
        assert_eq!(code, 0, "{err}");
        all_stored(&gateway, &bucket, &ids[..1]).await;
        let object = bucket.get(&format!("{}.mp4", ids[0])).await.unwrap();
        assert!(
            !object.headers.contains_key("x-amz-meta-taskid"),
            "it was not written"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_metadata_service_is_not_asked_for_credentials() {
    let gateway = gateway().start().await.unwrap();
    let scratch = TempDir::new().unwrap();
    for url in ["s3://nobody/videos", "gs://nobody/videos"] {
        let mut fetch = command(&gateway, url, scratch.path(), &ids(1));
        // Nothing is at this port, so that no store is asked if there are credentials after all.
        fetch
            .env("AWS_ENDPOINT", "http://127.0.0.1:1")
            .env("GOOGLE_APPLICATION_CREDENTIALS", "")
            .env("HOME", scratch.path());
        for name in [
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_METADATA_ENDPOINT",
        ] {
            fetch.env_remove(name);
        }
        if url.starts_with("gs") {
            fetch.env_remove("GOOGLE_APPLICATION_CREDENTIALS");
        }
        let (code, _, err) = run(fetch).await;
        assert_eq!(code, 2);
        assert!(
            err.contains("there are no credentials; set AWS_ACCESS_KEY_ID"),
            "{url}: {err}"
        );
    }
    assert!(gateway.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_without_tls_has_to_be_allowed() {
    let gateway = gateway().start().await.unwrap();
    let bucket = Bucket::new("plain").await;
    let scratch = TempDir::new().unwrap();
    let mut fetch = fetch(&gateway, &bucket, scratch.path(), &ids(1));
    fetch.env_remove("AWS_ALLOW_HTTP");
    let (code, _, err) = run(fetch).await;
    assert_eq!(code, 2);
    assert!(err.contains("AWS_ALLOW_HTTP=true"), "{err}");
    assert!(bucket.proxy.requests().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn arguments_that_cannot_be_used() {
    let scratch = TempDir::new().unwrap();
    let directory = scratch.path().to_str().unwrap();
    let cases: [(&[&str], &str); 7] = [
        (&["--into", "s3://bucket/videos"], "needs --scratch DIR"),
        (
            &["--into", directory, "--scratch", directory],
            "a directory needs none",
        ),
        (
            &["--into", "ftp://host/v", "--scratch", directory],
            "s3://bucket/prefix",
        ),
        (
            &[
                "--into",
                "s3://u:hunter2-of-the-bucket@b/v",
                "--scratch",
                directory,
            ],
            "no user",
        ),
        (
            &[
                "--into",
                "az://c/v?sig=hunter2-of-the-bucket",
                "--scratch",
                directory,
            ],
            "or query",
        ),
        (
            &["--into", "az://c/v", "--scratch", directory],
            "az://c/v cannot be used",
        ),
        (
            &["--into", "s3://", "--scratch", directory],
            "names no bucket",
        ),
    ];
    for (arguments, words) in cases {
        let mut fetch = Command::new(seedance_query());
        fetch
            .env("SEEDANCE_BASE_URL", "http://127.0.0.1:1")
            .env("SEEDANCE_API_KEY", "sk-of-nobody")
            .args(["fetch", "asyntask_1"])
            .args(arguments);
        let (code, events, err) = run(fetch).await;
        assert_eq!(code, 2, "{arguments:?}: {err}");
        assert!(err.contains(words), "{arguments:?}: {err}");
        assert!(of_kind(&events, "started").is_empty());
    }
    for command in [
        &["download", "asyntask_1"][..],
        &["submit", "--model", "m", "--prompt", "p"],
    ] {
        let mut other = Command::new(seedance_query());
        other.args(command).args(["--into", "s3://bucket/videos"]);
        let (code, _, err) = run(other).await;
        assert_eq!(code, 2);
        assert!(err.contains("only `fetch` stores videos"), "{err}");
    }
}
