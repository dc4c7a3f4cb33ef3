//! The signature of a URL: that it is whole, and that it lasts as long as documented.
//!
//! A redacted URL is judged like the URL itself, so the value of the signature is not looked at.

use super::{
    super::{report::Finding, rule::Rule},
    outcome::Outcome,
};
use crate::{
    model::{tables, url::is_url},
    redact::{is_harmless_parameter, is_plain_parameter},
};

/// How much earlier than documented a URL can end: it is signed a little before the task ends.
const TOLERANCE: i64 = 600;

/// What a signing parameter is for. The stores differ in what its name begins with.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Credential,
    Date,
    SignedHeaders,
    Signature,
}

/// The signing parameters of a URL.
#[derive(Default)]
struct Parameters {
    parts: Vec<Part>,
    /// In seconds after the date.
    lifetime: Option<i64>,
    /// A Unix time.
    expires: Option<i64>,
    is_escaped: bool,
}

/// Checks a URL of a task that ended at this time.
pub(super) fn check(pointer: &str, url: &str, finish_time: Option<i64>, outcome: &mut Outcome) {
    let Some((_, query)) = url.split_once('?') else {
        return;
    };
    let parameters = Parameters::of(query);
    let damage = if parameters.is_escaped {
        let message = "`&` is escaped as `&amp;` in this URL, so that its signature does not hold";
        Some(message.to_owned())
    } else {
        let what = parameters.cut_off();
        what.map(|what| format!("this URL is cut off: {what}"))
    };
    let damaged = damage.map(|message| {
        Finding::new(Rule::DamagedUrl, pointer, message).expected("a URL as it was signed")
    });
    let short_lived = parameters.too_short(finish_time).map(|seconds| {
        let documented = tables::VALID_FOR_SECONDS;
        let message = format!("this URL is good for {seconds} s, documented are {documented} s");
        Finding::new(Rule::ShortLivedUrl, pointer, message).expected(format!("{documented} s"))
    });
    for finding in damaged.into_iter().chain(short_lived) {
        if is_url(url) {
            outcome.add(finding.found(&url.into()));
        }
    }
}

impl Parameters {
    fn of(query: &str) -> Self {
        let mut parameters = Self::default();
        let query = query.split('#').next().unwrap_or(query);
        for (name, value) in query
            .split('&')
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        {
            if name.starts_with("amp;") {
                parameters.is_escaped = true;
            }
            // Redaction hides such a name as well.
            if value.bytes().all(|byte| byte == b'=') || !is_plain_parameter(name) {
                continue;
            }
            let number = || {
                value
                    .parse()
                    .ok()
                    .filter(|_| is_harmless_parameter(name, value))
            };
            // The part behind the last hyphen, as in `X-Tos-Date`.
            let own = name.rsplit('-').next().unwrap_or(name);
            let is_of_family = own.len() < name.len();
            match own {
                "Credential" => parameters.parts.push(Part::Credential),
                "Date" | "date" if is_of_family => parameters.parts.push(Part::Date),
                "SignedHeaders" => parameters.parts.push(Part::SignedHeaders),
                "Signature" | "signature" => parameters.parts.push(Part::Signature),
                "Expires" if !is_of_family => parameters.expires = number(),
                "Expires" | "expires" => parameters.lifetime = number(),
                _ => {}
            }
        }
        parameters
    }

    /// What a signed URL lacks.
    fn cut_off(&self) -> Option<&'static str> {
        let has = |part| self.parts.contains(&part);
        if !has(Part::Signature) {
            has(Part::Date).then_some("it has no signature")
        } else if has(Part::Credential) && !has(Part::SignedHeaders) {
            Some("it does not say which headers are signed")
        } else {
            None
        }
    }

    /// For how many seconds the URL is good, if that is less than documented.
    fn too_short(&self, finish_time: Option<i64>) -> Option<i64> {
        let documented = i64::try_from(tables::VALID_FOR_SECONDS).ok()?;
        let signed = self
            .lifetime
            .filter(|seconds| (0..documented).contains(seconds));
        signed.or_else(|| {
            let seconds = self
                .expires?
                .checked_sub(finish_time.filter(|time| *time > 0)?)?;
            (seconds < documented - TOLERANCE).then_some(seconds)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Parameters;

    const SIGNED: &str = "X-Tos-Algorithm=TOS4-HMAC-SHA256&X-Tos-Credential=c&\
        X-Tos-Date=20260528T202910Z&X-Tos-Expires=86400&X-Tos-Signature=";

    fn cut_off(query: &str) -> Option<&'static str> {
        Parameters::of(query).cut_off()
    }

    #[test]
    fn tells_a_whole_signature_from_a_part() {
        let whole = format!("{SIGNED}{}&X-Tos-SignedHeaders=host", "0af1".repeat(16));
        assert_eq!(cut_off(&whole), None);
        let end = whole.len() - "&X-Tos-SignedHeaders=host".len();
        for cut in [
            whole[..end].to_owned(),
            whole[..end - 20].to_owned(),
            SIGNED.to_owned(),
            whole[..whole.len() - 10].to_owned(),
            SIGNED.trim_end_matches("&X-Tos-Signature=").to_owned(),
        ] {
            assert!(cut_off(&cut).is_some(), "{cut}");
        }
        for other in ["", "sign=abc", "date=2026-01-01&sort=-date"] {
            assert_eq!(cut_off(other), None, "{other}");
        }
        let escaped = whole.replace('&', "&amp;");
        assert!(Parameters::of(&escaped).is_escaped && !Parameters::of(&whole).is_escaped);
    }

    #[test]
    fn a_day_is_documented() {
        let too_short = |query| Parameters::of(query).too_short(Some(1_780_000_000));
        assert_eq!(too_short("X-Amz-Expires=3600"), Some(3600));
        assert_eq!(too_short("x-oss-expires=86400"), None);
        assert_eq!(too_short("Expires=1780003600&Signature=s"), Some(3600));
        assert_eq!(too_short("Expires=1780086370&Signature=s"), None);
        assert_eq!(Parameters::of("Expires=1780003600").too_short(None), None);
    }
}
