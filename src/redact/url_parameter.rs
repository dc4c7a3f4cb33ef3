//! URL parameters that are not secret, by object store.

use super::{
    tokens::has_api_key,
    unescaped::{Escapes, Unescaped},
};

/// Harmless parameters, in lower case: the algorithm, time and validity of a signature.
const HARMLESS: [&str; 20] = [
    "expires",
    "x-oss-date",
    "x-oss-expires",
    "x-oss-signature-version",
    // Tencent's COS.
    "q-sign-algorithm",
    "q-sign-time",
    "q-key-time",
    "q-header-list",
    "q-url-param-list",
    // Azure: start, end, version, resource, permissions and protocol.
    "st",
    "se",
    "sv",
    "sr",
    "sp",
    "spr",
    "ske",
    "skt",
    "sks",
    "skv",
    // Qiniu: the expiry.
    "e",
];
/// The same for stores whose parameters share a prefix.
const HARMLESS_OF_A_STORE: [&str; 6] = [
    "algorithm",
    "date",
    "expires",
    "signedheaders",
    "max-requests",
    "process",
];
const STORES: [&str; 4] = ["x-tos-", "x-amz-", "x-goog-", "x-obs-"];

/// Maximum length of a harmless name or value.
const MAX_PARAMETER: usize = 40;
const MAX_HARMLESS: usize = 128;

fn is_in_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

/// Whether this can be a parameter name rather than a secret.
pub(super) fn is_plain(name: &[u8]) -> bool {
    (1..=MAX_PARAMETER).contains(&name.len())
        && name.iter().all(|byte| is_in_name(*byte))
        && !has_api_key(name)
}

/// Whether redaction keeps the name of this parameter.
pub(crate) fn is_plain_parameter(name: &str) -> bool {
    is_plain(name.strip_prefix("amp;").unwrap_or(name).as_bytes())
}

/// Whether redaction keeps the value of this parameter.
pub(crate) fn is_harmless_parameter(name: &str, value: &str) -> bool {
    let name = name.strip_prefix("amp;").unwrap_or(name);
    is_harmless(name.as_bytes(), value.as_bytes())
}

/// Whether a parameter is kept; its value must not hide another parameter.
pub(super) fn is_harmless(name: &[u8], value: &[u8]) -> bool {
    let lower = String::from_utf8_lossy(name).to_ascii_lowercase();
    let of_a_store = STORES.iter().find_map(|store| lower.strip_prefix(store));
    let is_known = HARMLESS.contains(&lower.as_str())
        || of_a_store.is_some_and(|name| HARMLESS_OF_A_STORE.contains(&name));
    if !is_known || value.len() > MAX_HARMLESS {
        return false;
    }
    let percent = Escapes {
        percent: true,
        ..Escapes::default()
    };
    let value = Unescaped::of(value, percent).bytes;
    let is_plain =
        |byte: &u8| is_in_name(*byte) || matches!(byte, b':' | b'+' | b';' | b',' | b'/');
    value.iter().all(is_plain)
        && memchr::memmem::find(&value, b"//").is_none()
        && !has_api_key(&value)
}

#[cfg(test)]
mod tests {
    use super::super::render::bytes;

    /// The signing parameters of each store, and which of them are kept.
    #[test]
    fn knows_the_dialects_of_the_stores() {
        let secret = "c0ffeec0ffeec0ffee";
        for (store, signed, kept) in [
            (
                "S3",
                "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=§%2F20260528%2Fr%2Fs3%2Faws4_request&X-Amz-Date=20260528T202910Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Security-Token=§&X-Amz-Signature=§",
                "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20260528T202910Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host",
            ),
            (
                "TOS",
                "X-Tos-Algorithm=TOS4-HMAC-SHA256&X-Tos-Credential=§&X-Tos-Date=20260528T202910Z&X-Tos-Expires=86400&X-Tos-Signature=§&X-Tos-Security-Token=§&X-Tos-Max-Requests=100",
                "X-Tos-Algorithm=TOS4-HMAC-SHA256&X-Tos-Date=20260528T202910Z&X-Tos-Expires=86400&X-Tos-Max-Requests=100",
            ),
            (
                "OSS",
                "Expires=1780086550&OSSAccessKeyId=§&Signature=§%2F§%3D&security-token=§&x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-credential=§&x-oss-signature=§",
                "Expires=1780086550&x-oss-signature-version=OSS4-HMAC-SHA256",
            ),
            (
                "COS",
                "q-sign-algorithm=sha1&q-ak=§&q-sign-time=1780000150%3B1780086550&q-key-time=1780000150;1780086550&q-header-list=host&q-url-param-list=&q-signature=§&x-cos-security-token=§",
                "q-sign-algorithm=sha1&q-sign-time=1780000150%3B1780086550&q-key-time=1780000150;1780086550",
            ),
            (
                "GCS",
                "X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Credential=§%40p.iam&X-Goog-Date=20260528T202910Z&X-Goog-Expires=900&X-Goog-SignedHeaders=host&X-Goog-Signature=§",
                "X-Goog-Date=20260528T202910Z&X-Goog-Expires=900",
            ),
            (
                "GCS, older",
                "GoogleAccessId=§@p.iam&Expires=1780086550&Signature=§",
                "Expires=1780086550",
            ),
            (
                "OBS",
                "AccessKeyId=§&Expires=1780086550&Signature=§&x-obs-security-token=§&X-Obs-Date=20260528T202910Z",
                "X-Obs-Date=20260528T202910Z",
            ),
            (
                "Azure",
                "sv=2024-05-04&st=2026-05-28T20%3A29%3A10Z&se=2026-05-29T20%3A29%3A10Z&sr=b&sp=r&spr=https&skoid=§&sktid=§&sig=§%2B§%3D",
                "sv=2024-05-04&st=2026-05-28T20%3A29%3A10Z&se=2026-05-29T20%3A29%3A10Z&sr=b&sp=r&spr=https",
            ),
            (
                "CloudFront",
                "Expires=1780086550&Policy=§&Signature=§~§_&Key-Pair-Id=§",
                "Expires=1780086550",
            ),
            ("Qiniu", "e=1780086550&token=§:§:§", "e=1780086550"),
            ("Supabase", "token=eyJhbGciOiJIUzI1NiJ9.§.§", "token="),
        ] {
            let url = format!(
                "https://store.example/v.mp4?{}",
                signed.replace('§', secret)
            );
            let redacted = String::from_utf8(bytes(url.as_bytes(), &[]).into_owned()).unwrap();
            assert!(!redacted.contains(secret), "{store}: {redacted}");
            for parameter in kept.split('&') {
                assert!(
                    redacted.contains(parameter),
                    "{store}: {redacted} lacks {parameter}"
                );
            }
        }
    }
}
