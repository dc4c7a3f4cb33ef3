//! The URLs of a task: that they are safe to use, and that they agree.

use std::sync::LazyLock;

use memchr::{memchr, memchr2, memmem::Finder};
use serde_json::{Map, Value};
use url::{Host, Url};

use super::{
    super::{
        report::{Finding, shorten},
        rule::Rule,
    },
    Outcome,
    facts::Facts,
};
use crate::shape::Shape;

/// What says how often a URL can be requested.
static BUDGET: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new("X-Tos-Max-Requests="));

pub(super) fn check(task: &Facts<'_>, outcome: &mut Outcome) {
    let video_url = task.upstream.and_then(|upstream| upstream.video_url);
    let places = [
        ("/data/result_url", task.result_url),
        ("/data/original_result_url", task.original_result_url),
        ("/data/data/content/video_url", video_url),
        (
            "/data/data/content/last_frame_url",
            task.upstream.and_then(|upstream| upstream.last_frame_url),
        ),
    ];
    let mut is_unsafe = false;
    for (index, (pointer, url)) in places.iter().enumerate() {
        let Some(url) = url else { continue };
        // The same file in two places is one fact, also if it is signed anew for each.
        let is_repeated = places[..index]
            .iter()
            .any(|(_, other)| other.is_some_and(|other| same_file(other, url)));
        if !is_repeated && let Some(finding) = safety(pointer, url) {
            is_unsafe = true;
            outcome.add(finding);
        }
    }
    if let Some(url) = task
        .result_url
        .filter(|url| is_url(url) && task.is_success())
    {
        kind(url, outcome);
        if task.shape == Some(Shape::Normal)
            && let Some(inner) = video_url
            && !is_unsafe
            && !is_gateway(url)
            && !same_file(url, inner)
        {
            let message =
                "this is another file than `result_url`, though the task was not enhanced";
            outcome.add(
                Finding::new(Rule::UrlMismatch, "/data/data/content/video_url", message)
                    .expected(crate::mask::mask(url))
                    .found(&Value::from(inner)),
            );
        }
    }
}

/// What kind of URL the video has, where it is not the pre-signed one that is documented.
fn kind(url: &str, outcome: &mut Outcome) {
    const AT: &str = "/data/result_url";
    if is_gateway(url) {
        let message = "this is a URL of the gateway: it needs the API key, as no other host does";
        outcome.add(Finding::new(Rule::GatewayUrl, AT, message).expected("a pre-signed URL"));
    } else if !url.contains('?') {
        let message = "this URL is not signed, so nothing tells how long it can be used";
        outcome.add(Finding::new(Rule::UnsignedUrl, AT, message).expected("a pre-signed URL"));
    } else if let Some(at) = BUDGET.find(url.as_bytes()) {
        let digits = url[at + BUDGET.needle().len()..]
            .split(|c: char| !c.is_ascii_digit())
            .next()
            .unwrap_or_default();
        let times = if digits.is_empty() { "a few" } else { digits };
        let message = format!("this URL can be requested {} times only", shorten(times));
        outcome.add(Finding::new(Rule::RequestBudget, AT, message));
    }
}

/// Whether a URL is the gateway's own way to a video.
fn is_gateway(url: &str) -> bool {
    let path = without_query(url);
    path.ends_with("/content") && path.contains("/v1/videos/")
}

fn safety(pointer: &str, url: &str) -> Option<Finding> {
    // Nearly every URL is of this kind, and needs no parsing.
    if !(has_scheme(url, "http://") || may_be_local(url)) || !is_url(url) {
        return None;
    }
    let parsed = Url::parse(url).ok()?;
    let (rule, message) = if is_loopback(&parsed) {
        (
            Rule::LoopbackUrl,
            "this URL points at the machine that reads it",
        )
    } else if parsed.scheme() == "http" {
        (
            Rule::InsecureUrl,
            "this URL is not https: anyone on the way can read and change the video",
        )
    } else {
        return None;
    };
    let finding = Finding::new(rule, pointer, message);
    Some(
        finding
            .expected("an https URL of a public host")
            .found(&Value::from(url)),
    )
}

/// Whether a URL points at the machine that reads it.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        Some(Host::Ipv4(address)) => address.is_loopback() || address.is_unspecified(),
        Some(Host::Ipv6(address)) => match address.to_ipv4_mapped() {
            Some(address) => address.is_loopback() || address.is_unspecified(),
            None => address.is_loopback() || address.is_unspecified(),
        },
        None => false,
    }
}

/// Whether the host may be this machine, or may not be what it seems: only a parser can tell.
fn may_be_local(url: &str) -> bool {
    let Some(host) = plain_host(url) else {
        return true;
    };
    let name = host.trim_end_matches('.');
    let is_localhost = name
        .len()
        .checked_sub("localhost".len())
        .and_then(|start| name.get(start..))
        .is_some_and(|end| end.eq_ignore_ascii_case("localhost"));
    is_localhost || host.starts_with(|c: char| c.is_ascii_digit())
}

/// The host of a URL, if it is a name of letters, digits, dots and hyphens and nothing is odd.
fn plain_host(url: &str) -> Option<&str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-');
    let scheme = memchr(b':', url.as_bytes())?;
    let rest = url[scheme..].strip_prefix("://")?;
    let end = rest.bytes().position(|byte| !is_plain(byte));
    let (host, rest) = rest.split_at(end.unwrap_or(rest.len()));
    let rest = match rest.strip_prefix(':') {
        Some(rest) => rest.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => rest,
    };
    (!host.is_empty() && (rest.is_empty() || rest.starts_with(['/', '?', '#']))).then_some(host)
}

fn has_scheme(text: &str, scheme: &str) -> bool {
    text.get(..scheme.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(scheme))
}

/// Whether a text is an absolute http(s) URL with a host and without white space.
pub(crate) fn is_url(text: &str) -> bool {
    let rest = if has_scheme(text, "https://") {
        &text["https://".len()..]
    } else if has_scheme(text, "http://") {
        &text["http://".len()..]
    } else {
        return false;
    };
    // Without an early exit the compiler checks many bytes at once; a URL has hundreds.
    let control = |byte: u8| u8::from(byte <= b' ') | u8::from(byte == 0x7f);
    let has_control = rest.bytes().fold(0, |any, byte| any | control(byte)) != 0;
    let authority_is_empty = rest.is_empty() || rest.starts_with(['/', '?', '#', ':']);
    !has_control && !authority_is_empty && (plain_host(text).is_some() || Url::parse(text).is_ok())
}

/// Whether two URLs name the same file; they may be signed at different times.
pub(super) fn same_file(a: &str, b: &str) -> bool {
    a == b || without_query(a) == without_query(b)
}

/// What stays of a URL when it is signed anew.
pub(crate) fn without_query(url: &str) -> &str {
    let end = memchr2(b'?', b'#', url.as_bytes());
    &url[..end.unwrap_or(url.len())]
}

/// The URL that most likely gives the video of a finished task, wherever it stands.
pub(crate) fn best_url(row: &Map<String, Value>) -> Option<&str> {
    let inner = row.get("data");
    let nested = inner.and_then(|inner| inner.get("data"));
    [
        row.get("result_url"),
        row.get("fail_reason"),
        inner.and_then(|inner| inner.pointer("/content/video_url")),
        nested.and_then(|nested| nested.pointer("/content/video_url")),
        nested.and_then(|nested| nested.get("result_url")),
    ]
    .into_iter()
    .flatten()
    .filter_map(Value::as_str)
    .find(|url| is_url(url))
}

#[cfg(test)]
mod tests {
    use super::{is_url, may_be_local, same_file};

    #[test]
    fn tells_urls_from_text() {
        for url in [
            "https://a.example/v.mp4?x=1",
            "http://a.example",
            "HTTPS://A.example/x",
        ] {
            assert!(is_url(url), "{url}");
        }
        for text in [
            "https://%zz/x",
            "",
            "https://",
            "https:///x",
            "ftp://a.example",
            "see https://a.example",
            "https://a b",
        ] {
            assert!(!is_url(text), "{text}");
        }
    }

    #[test]
    fn compares_without_the_signature() {
        assert!(same_file(
            "https://a.example/v?s=1",
            "https://a.example/v?s=2"
        ));
        assert!(!same_file("https://a.example/v", "https://a.example/w"));
    }

    #[test]
    fn looks_closer_at_what_may_be_local() {
        assert!(may_be_local("https://127.0.0.1:80/x") && may_be_local("http://[::1]/x"));
        assert!(
            may_be_local("https://127.0.0.1\\@x.example/") && may_be_local("https://１27.0.0.1/")
        );
        assert!(may_be_local("https://LOCALHOST/x") && may_be_local("https://me@127.0.0.1/x"));
        assert!(!may_be_local("https://storage.example/x"));
    }
}
