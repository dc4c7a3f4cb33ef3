//! The laws of redaction, tried on URLs put together from what separates, signs and names in them.

use proptest::{prelude::*, sample::select};
use seedance_laws::{recorded::Recorded, redacting};
use seedance_query::{model::name, redact::Redactor};
use serde_json::Value;

use super::planted;

/// What a URL is made of.
const PIECES: [&str; 39] = [
    "/v1/videos/",
    "/v1/video/generations/",
    "task_0123456789abcdef",
    "/content",
    "/",
    "?",
    "&",
    "#",
    ";",
    ";;;;;;;;",
    ":",
    "~",
    ",",
    "%3B",
    "%2F",
    "%ff",
    "&amp;",
    ".",
    "..",
    "token=",
    "/token/c0ffeec0ffeec0ffee11/",
    "sig=",
    "hmac=c0ffee",
    "sk-abcdefghijkl",
    "bearer abcdefghijkl",
    "AKIAIOSFODNN7EXAMPLE",
    "s--c0ffee12--",
    "0123456789abcdef0123456789abcdef",
    "66aabbcc",
    "1780000150",
    "X-Tos-Signature=c0ffee",
    "&X-Tos-Expires=86400",
    "&X-Tos-Max-Requests=3",
    "https://",
    "cdn.example",
    "127.0.0.1",
    "video",
    ".mp4",
    "REDACTED",
];

fn url() -> impl Strategy<Value = String> {
    let host = select(
        &[
            "cdn.example",
            "gateway.example/base",
            "user:pass@cdn.example",
            "token:8080",
            "127.0.0.1",
        ][..],
    );
    let separator = select(&["/", ";", "&", "?", "#"][..]);
    let pieces = prop::collection::vec(select(&PIECES[..]), 0..8);
    let ending = select(
        &[
            "",
            "/v1/videos/task_0123456789abcdef/content",
            "/v.mp4?Signature=c0ffee",
        ][..],
    );
    (host, separator, pieces, ending).prop_map(|(host, separator, pieces, ending)| {
        format!("https://{host}{separator}{}{ending}", pieces.concat())
    })
}

/// An answer with these URLs, the task's and the upstream's.
fn answer(result: &str, video: &str) -> Recorded {
    let answer = planted::answer();
    let mut body: Value = serde_json::from_slice(&answer.body).unwrap();
    body[name::DATA][name::RESULT_URL] = result.into();
    body[name::DATA][name::DATA][name::CONTENT][name::VIDEO_URL] = video.into();
    answer.with_body(serde_json::to_vec(&body).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_secret_in_a_url_does_not_decide_how_an_answer_is_judged(url in url(), is_same: bool) {
        let other = if is_same { &url } else { "https://storage.example/other.mp4" };
        let redactor = Redactor::new();
        redacting::the_verdict_stays(&answer(&url, other), |text| redactor.bytes(text).into_owned());
        redacting::twice_is_once(url.as_bytes(), |text| redactor.bytes(text).into_owned());
    }
}
