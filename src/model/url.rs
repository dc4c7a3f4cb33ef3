//! URLs as text: whether a text is one, and what host and file it names.

use memchr::memchr;
use url::{Host, Url};

use crate::redact::first_parameter;

/// Whether a URL points at the machine that reads it.
#[must_use]
pub fn is_loopback(url: &Url) -> bool {
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
pub(crate) fn may_be_local(url: &str) -> bool {
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

pub(crate) fn has_scheme(text: &str, scheme: &str) -> bool {
    text.get(..scheme.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(scheme))
}

/// Whether a text is an absolute http(s) URL with a host and without white space.
#[must_use]
pub fn is_url(text: &str) -> bool {
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
    !has_control && !authority_is_empty && (plain_host(text).is_some() || is_parsed(text))
}

/// Whether a parser takes it for a URL of a host that can exist.
fn is_parsed(url: &str) -> bool {
    let is_in_host = |byte: u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b':' | b'[' | b']')
    };
    Url::parse(url).is_ok_and(|url| {
        url.host_str()
            .is_some_and(|host| host.bytes().all(is_in_host))
    })
}

/// Whether a text is a URL that is relative to a host, as gateways give for their own files.
#[must_use]
pub fn is_relative_url(text: &str) -> bool {
    let has_control = text.bytes().any(|byte| byte <= b' ' || byte == 0x7f);
    text.starts_with('/') && !text.starts_with("//") && text.len() > 1 && !has_control
}

/// Whether two URLs name the same file; they may be signed at different times.
#[must_use]
pub fn same_file(a: &str, b: &str) -> bool {
    a == b || without_parameters(a) == without_parameters(b)
}

/// The part of a URL before its parameters; signing it again does not change it.
#[must_use]
pub fn without_parameters(url: &str) -> &str {
    &url[..first_parameter(url.as_bytes()).unwrap_or(url.len())]
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
