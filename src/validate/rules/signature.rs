//! The signature of a URL: that it is whole, and that it lasts as long as documented.

use std::sync::LazyLock;

use memchr::memmem::{Finder, find};

use super::{
    super::{report::Finding, rule::Rule},
    outcome::Outcome,
};
use crate::model::{tables, url::is_url};

static ESCAPED: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new("&amp;"));

/// The shortest text that is taken for a part of a signature in hexadecimal digits.
const MIN_PART: usize = 16;
/// The length of such a signature of 256 bits.
const SHA256_DIGITS: usize = 64;

pub(super) fn check(pointer: &str, url: &str, outcome: &mut Outcome) {
    if !is_url(url) {
        return;
    }
    let finding = if ESCAPED.find(url.as_bytes()).is_some() {
        let message = "`&` is escaped as `&amp;` in this URL, so that its signature does not hold";
        Finding::new(Rule::DamagedUrl, pointer, message).expected("a URL as it was signed")
    } else if let Some(what) = cut_off(url) {
        let message = format!("this URL is cut off: {what}");
        Finding::new(Rule::DamagedUrl, pointer, message).expected("a URL as it was signed")
    } else if let Some(seconds) = lifetime(url).filter(|time| *time < tables::VALID_FOR_SECONDS) {
        let documented = tables::VALID_FOR_SECONDS;
        let message = format!("this URL is signed for {seconds} s, documented are {documented} s");
        Finding::new(Rule::ShortLivedUrl, pointer, message).expected(format!("{documented} s"))
    } else {
        return;
    };
    outcome.add(finding.found(&url.into()));
}

/// The value of a signing parameter, by the end of its name: the stores differ in what is before.
fn parameter<'a>(url: &'a str, name: &str) -> Option<&'a str> {
    let at = find(url.as_bytes(), name.as_bytes())?;
    let rest = &url[at + name.len()..];
    Some(rest.split(['&', '#']).next().unwrap_or(rest))
}

/// What a signed URL lacks.
fn cut_off(url: &str) -> Option<&'static str> {
    let signature = parameter(url, "-Signature=");
    let is_signed_by_date = parameter(url, "-Date=").is_some();
    match signature {
        None if is_signed_by_date => Some("it has no signature"),
        Some("") => Some("its signature is empty"),
        Some(text) if is_part(text) && parameter(url, "-Algorithm=")?.contains("SHA256") => {
            Some("its signature is too short")
        }
        Some(_) if parameter(url, "-Credential=").is_some() => parameter(url, "-SignedHeaders=")
            .is_none()
            .then_some("it does not say which headers are signed"),
        _ => None,
    }
}

/// Whether this is the beginning of a signature, but not all of it.
fn is_part(signature: &str) -> bool {
    (MIN_PART..SHA256_DIGITS).contains(&signature.len())
        && signature.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// For how long a URL was signed, in seconds, if it says so.
fn lifetime(url: &str) -> Option<u64> {
    let seconds = parameter(url, "-Expires=").or_else(|| parameter(url, "-expires="))?;
    seconds.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{cut_off, lifetime};

    const SIGNED: &str = "https://s.example/v.mp4?X-Tos-Algorithm=TOS4-HMAC-SHA256&\
        X-Tos-Credential=c&X-Tos-Date=20260528T202910Z&X-Tos-Expires=86400&X-Tos-Signature=";

    #[test]
    fn tells_a_whole_signature_from_a_part() {
        let whole = format!("{SIGNED}{}&X-Tos-SignedHeaders=host", "0af1".repeat(16));
        assert_eq!(cut_off(&whole), None);
        assert_eq!(lifetime(&whole), Some(86_400));
        let end = whole.len() - "&X-Tos-SignedHeaders=host".len();
        for cut in [
            whole[..end].to_owned(),
            whole[..end - 20].to_owned(),
            SIGNED.to_owned(),
            SIGNED.trim_end_matches("&X-Tos-Signature=").to_owned(),
            whole.replacen("0af10af1", "", 1),
        ] {
            assert!(cut_off(&cut).is_some(), "{cut}");
        }
        for other in [
            "https://s.example/v.mp4",
            "https://s.example/v.mp4?sign=abc",
        ] {
            assert_eq!((cut_off(other), lifetime(other)), (None, None), "{other}");
        }
    }
}
