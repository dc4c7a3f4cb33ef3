//! The signature in the query of a URL, in the dialects of the common stores, and when it expires.

use std::time::{Duration, SystemTime};

use humantime::parse_rfc3339;
use url::Url;

/// Families of signing parameters, by their common prefix: signed at `…date`, for `…expires` seconds.
/// TOS, S3 and what copies it (OBS, R2, Qiniu's S3 interface), OSS version 4, GCS.
const FAMILIES: [&str; 5] = ["x-tos-", "x-amz-", "x-oss-", "x-goog-", "x-obs-"];

/// Parameters with the Unix time at which a URL expires: S3 version 2, OSS version 1, OBS, CloudFront
/// and GCS version 2; OSS version 2.
const UNIX_TIMES: [&str; 2] = ["expires", "x-oss-expires"];

/// Parameters with two Unix times, from `;` to: COS (`q-sign-time` is the signature's,
/// `q-key-time` its key's).
const UNIX_SPANS: [&str; 2] = ["q-sign-time", "q-key-time"];

/// What the query of a URL says about its signature.
#[derive(Default)]
pub(super) struct UrlSignature {
    pub is_signed: bool,
    pub expires_at: Option<SystemTime>,
}

/// The parameters of a query, with their names in lower case.
struct Parameters(Vec<(String, String)>);

impl UrlSignature {
    pub fn of(url: &Url) -> Self {
        let parameters = Parameters::of(url);
        let expires_at = parameters
            .signed_for()
            .or_else(|| parameters.unix_time())
            .or_else(|| parameters.end_of_span())
            .or_else(|| parameters.azure())
            .or_else(|| parameters.qiniu());
        let is_signature =
            |name: &str| name.ends_with("signature") || matches!(name, "sig" | "sign");
        Self {
            is_signed: expires_at.is_some()
                || parameters.0.iter().any(|(name, _)| is_signature(name)),
            expires_at,
        }
    }
}

impl Parameters {
    fn of(url: &Url) -> Self {
        let pairs = url.query_pairs();
        let lower = pairs.map(|(name, value)| (name.to_ascii_lowercase(), value.into_owned()));
        Self(lower.collect())
    }

    fn value(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }

    /// A date, and seconds from there on.
    fn signed_for(&self) -> Option<SystemTime> {
        FAMILIES.iter().find_map(|family| {
            let date = basic_time(self.value(&format!("{family}date"))?)?;
            let seconds = self.value(&format!("{family}expires"))?.parse().ok()?;
            after(date, seconds)
        })
    }

    fn unix_time(&self) -> Option<SystemTime> {
        let mut names = UNIX_TIMES.iter();
        names.find_map(|name| unix(self.value(name)?))
    }

    /// The earliest end of the spans that are there.
    fn end_of_span(&self) -> Option<SystemTime> {
        let ends = UNIX_SPANS.iter().filter_map(|name| {
            let (_, end) = self.value(name)?.split_once(';')?;
            unix(end)
        });
        ends.min()
    }

    /// A shared access signature of Azure: `se` is a date, or a date and a time.
    fn azure(&self) -> Option<SystemTime> {
        self.value("sig")?;
        let end = self.value("se")?;
        // A date alone is its midnight, and seconds can be missing.
        let end = time(end)
            .or_else(|| time(&format!("{end}T00:00:00Z")))
            .or_else(|| time(&format!("{}:00Z", end.strip_suffix('Z')?)))?;
        after(end, 0)
    }

    /// A download token of Qiniu: `e` is a Unix time, and `token` signs it.
    fn qiniu(&self) -> Option<SystemTime> {
        self.value("token")?;
        unix(self.value("e")?)
    }
}

/// The Unix time of a time in RFC 3339.
fn time(text: &str) -> Option<i64> {
    let since = parse_rfc3339(text).ok()?;
    let since = since.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    since.as_secs().try_into().ok()
}

/// The Unix time of a time in the basic format of ISO 8601, such as `20260528T202910Z`.
fn basic_time(text: &str) -> Option<i64> {
    let part = |range| text.get(range);
    let date = [part(0..4)?, part(4..6)?, part(6..8)?].join("-");
    let clock = [part(9..11)?, part(11..13)?, part(13..text.len())?].join(":");
    time(&format!("{date}{}{clock}", part(8..9)?))
}

fn unix(text: &str) -> Option<SystemTime> {
    after(text.parse().ok()?, 0)
}

/// A number of seconds after a Unix time, unless that is no plausible time.
pub(super) fn after(unix: i64, seconds: u64) -> Option<SystemTime> {
    // A small number is a duration without a date; milliseconds are beyond the year 2100.
    const EARLIEST: u64 = 1_000_000_000;
    const LATEST: u64 = 4_102_444_800;
    let at = u64::try_from(unix).ok()?.checked_add(seconds)?;
    (EARLIEST..LATEST)
        .contains(&at)
        .then(|| SystemTime::UNIX_EPOCH + Duration::from_secs(at))
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::UrlSignature;

    fn read(query: &str) -> (bool, Option<u64>) {
        let url = format!("https://s.example/v.mp4?{query}").parse().unwrap();
        let UrlSignature {
            is_signed,
            expires_at,
        } = UrlSignature::of(&url);
        let unix = |at: SystemTime| at.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs();
        (is_signed, expires_at.map(unix))
    }

    #[test]
    fn each_store_has_its_own_way_to_say_when_a_url_expires() {
        for (store, query) in [
            (
                "TOS",
                "X-Tos-Algorithm=TOS4-HMAC-SHA256&X-Tos-Date=20260528T202910Z&X-Tos-Expires=86400\
                 &X-Tos-Signature=s",
            ),
            (
                "S3",
                "X-Amz-Expires=86400&X-Amz-Signature=s&X-Amz-Date=20260528T202910Z",
            ),
            (
                "S3, version 2",
                "AWSAccessKeyId=i&Expires=1780086550&Signature=s",
            ),
            (
                "OSS, version 4",
                "x-oss-date=20260528T202910Z&x-oss-expires=86400&x-oss-signature=s",
            ),
            (
                "OSS, version 2",
                "x-oss-signature-version=OSS2&x-oss-expires=1780086550&x-oss-signature=s",
            ),
            (
                "OSS, version 1",
                "Expires=1780086550&OSSAccessKeyId=i&Signature=s",
            ),
            (
                "GCS",
                "X-Goog-Date=20260528T202910Z&X-Goog-Expires=86400&X-Goog-Signature=s",
            ),
            (
                "GCS, version 2",
                "GoogleAccessId=i&Expires=1780086550&Signature=s",
            ),
            ("CloudFront", "Expires=1780086550&Signature=s&Key-Pair-Id=i"),
            (
                "COS",
                "q-sign-algorithm=sha1&q-ak=i&q-sign-time=1780000150;1780086550\
                 &q-key-time=1780000150;1780090000&q-signature=s",
            ),
            (
                "COS, encoded, with the key's end first",
                "q-sign-time=1780000150%3B1780090000&q-key-time=1780000150%3B1780086550\
                 &q-signature=s",
            ),
            ("OBS", "AccessKeyId=i&Expires=1780086550&Signature=s"),
            (
                "OBS, version 4",
                "X-Obs-Date=20260528T202910Z&X-Obs-Expires=86400&X-Obs-Signature=s",
            ),
            (
                "Azure",
                "sv=2024-11-04&st=2026-05-28T20:29:10Z&se=2026-05-29T20:29:10Z&sr=b&sp=r&sig=s",
            ),
            ("Azure, encoded", "se=2026-05-29T20%3A29%3A10Z&sig=s%2Ft%3D"),
            ("Qiniu", "e=1780086550&token=ak:s"),
        ] {
            assert_eq!(read(query), (true, Some(1_780_086_550)), "{store}");
        }
        for (query, end) in [
            ("se=2026-05-29&sig=s", 1_780_012_800),
            ("se=2026-05-29T20:29Z&sig=s", 1_780_086_540),
        ] {
            assert_eq!(read(query), (true, Some(end)), "{query}");
        }
    }

    #[test]
    fn short_names_mean_something_beside_a_signature_only() {
        for query in ["e=1780086550", "se=2026-05-29T20:29:10Z", "v=1", ""] {
            assert_eq!(read(query), (false, None), "{query}");
        }
        for query in [
            "sig=s&se=tomorrow",
            "q-sign-time=1780000150&q-signature=s",
            "X-Tos-Expires=86400&X-Tos-Signature=s",
            "X-Amz-Date=today&X-Amz-Expires=86400&X-Amz-Signature=s",
            "Expires=86400&Signature=s",
            "Expires=1780086550000&Signature=s",
        ] {
            assert_eq!(read(query), (true, None), "{query}");
        }
    }
}
