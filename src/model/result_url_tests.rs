//! What is read from the URL of a video.

use std::time::{Duration, SystemTime};

use super::result_url::{ExpirySource, ResultUrl, Unusable, UrlKind};

const BASE: &str = "https://gateway.example/prefix";
const FINISHED: i64 = 1_780_000_170;

fn read(url: &str) -> (UrlKind, Option<(u64, ExpirySource)>) {
    let url = ResultUrl::new(Some(url), BASE, Some(FINISHED));
    let unix = |at: SystemTime| at.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
    let expiry = url.expiry().map(|expiry| (unix(expiry.at), expiry.source));
    (url.kind(), expiry)
}

#[test]
fn without_it_the_task_tells() {
    let finish = Some((1_780_086_570, ExpirySource::FinishTime));
    for query in [
        "X-Tos-Signature=s",
        "sign=s",
        "X-Tos-Expires=x&X-Tos-Signature=s",
    ] {
        let read = read(&format!("https://s.example/v.mp4?{query}"));
        assert_eq!(read, (UrlKind::PreSigned, finish), "{query}");
    }
    // Milliseconds, or no time at all.
    for time in [
        None,
        Some(0),
        Some(-1),
        Some(1_780_000_170_000),
        Some(i64::MAX),
    ] {
        let url = ResultUrl::new(Some("https://s.example/v?sign=s"), BASE, time);
        assert_eq!(url.expiry(), None, "{time:?}");
        assert!(!url.is_expired(SystemTime::now()));
    }
}

#[test]
fn only_the_gateways_origin_is_the_gateways() {
    assert_eq!(
        read("https://gateway.example/v1/videos/t/content"),
        (UrlKind::Gateway, None)
    );
    assert_eq!(
        read("https://GATEWAY.example:443/x"),
        (UrlKind::Gateway, None)
    );
    for url in [
        "http://gateway.example/v1/videos/t/content",
        "https://gateway.example:8443/v1/videos/t/content",
        "https://gateway.example.evil.example/x",
        "https://gateway.example@evil.example/x",
        "https://cdn.example/v.mp4?v=1",
    ] {
        assert_eq!(read(url), (UrlKind::Unsigned, None), "{url}");
    }
}

#[test]
fn a_relative_url_is_the_gateways() {
    let path = "/v1/videos/t/content";
    for (url, base, whole) in [
        (
            path,
            "https://gateway.example",
            "https://gateway.example/v1/videos/t/content",
        ),
        (
            path,
            BASE,
            "https://gateway.example/prefix/v1/videos/t/content",
        ),
        ("/prefix/v1/x", BASE, "https://gateway.example/prefix/v1/x"),
        ("/prefixed", BASE, "https://gateway.example/prefix/prefixed"),
    ] {
        let url = ResultUrl::new(Some(url), base, None);
        assert_eq!(url.kind(), UrlKind::Gateway);
        assert_eq!(url.expose(), Some(whole));
    }
    // Without a gateway there is nothing that it is relative to.
    let url = ResultUrl::new(Some(path), "", None);
    assert_eq!(url.kind(), UrlKind::Unusable(Unusable::NotHttp));
}

#[test]
fn what_cannot_be_used_says_why() {
    let read = |url| ResultUrl::new(url, BASE, None);
    assert_eq!(read(None).kind(), UrlKind::Unusable(Unusable::Missing));
    assert_eq!(read(Some("")).kind(), UrlKind::Unusable(Unusable::Missing));
    let text = read(Some("the output was rejected"));
    assert_eq!(text.kind(), UrlKind::Unusable(Unusable::NotHttp));
    assert_eq!(text.expose(), None);
    assert_eq!(
        text.to_string(),
        "there is other text where the URL belongs"
    );
}

#[test]
fn expiry_counts_from_the_callers_now() {
    let url = "https://s.example/v.mp4?Expires=1780086550&Signature=c0ffee";
    let url = ResultUrl::new(Some(url), BASE, None);
    let at = |unix| SystemTime::UNIX_EPOCH + Duration::from_secs(unix);
    assert_eq!(
        url.expires_in(at(1_780_086_540)),
        Some(Duration::from_secs(10))
    );
    assert!(!url.is_expired(at(1_780_086_549)) && url.is_expired(at(1_780_086_550)));
    assert_eq!(url.expires_in(at(1_800_000_000)), Some(Duration::ZERO));
    assert!(!format!("{url:?} {url}").contains("c0ffee"));
}
