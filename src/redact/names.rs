//! Which names tell of a secret: of members, parameters, attributes and headers.

/// How the names of secrets end, in lower case and of letters and digits alone.
const SECRET: [&str; 25] = [
    "signature",
    "signatureprovided",
    "stringtosign",
    "canonicalrequest",
    "hmac",
    "credential",
    "credentials",
    "secret",
    "secrets",
    "password",
    "passwords",
    "passwd",
    "passphrase",
    "apikey",
    "apikeys",
    "accesskey",
    "accesskeyid",
    "secretkey",
    "privatekey",
    "authorization",
    "cookie",
    "cookies",
    "sessionid",
    "jwt",
    "pwd",
];

/// The same, of names that are words of sentences, too: "token: expired" has no secret in it.
const TOKEN: &str = "token";

/// What stands before `tokens` if they are not counted.
const KINDS_OF_TOKENS: [&str; 10] = [
    "", "access", "refresh", "auth", "api", "id", "session", "bearer", "security", "secret",
];

/// Whole names of the same kind.
const SECRET_OR_WORD_ALONE: [&str; 7] = [
    "sig",
    "sign",
    "auth",
    "xauth",
    "proxyauth",
    "session",
    "bearer",
];

/// Names whose value is the rest of a line.
const LINES: [&str; 4] = ["authorization", "cookie", "setcookie", "proxyauthorization"];

/// Who asked, and what for: which user, channel or account of a gateway it was, from where, and
/// the prompt.
const IDENTITY: [&str; 30] = [
    "user",
    "userid",
    "username",
    "usergroup",
    "group",
    "groupid",
    "channel",
    "channelid",
    "channelname",
    "account",
    "accountid",
    "organization",
    "organizationid",
    "orgid",
    "projectid",
    "tenantid",
    "tokenid",
    "tokenname",
    "email",
    "input",
    "prompt",
    "enduser",
    "customerid",
    "clientid",
    "clientip",
    "remoteip",
    "userip",
    "safetyidentifier",
    "endpointid",
    "phone",
];

/// How the names of headers end that tell it.
const IDENTITY_HEADERS: [&str; 27] = [
    "user",
    "user-id",
    "user-name",
    "username",
    "user-group",
    "group",
    "group-id",
    "channel",
    "channel-id",
    "channel-name",
    "account",
    "account-id",
    "organization",
    "organization-id",
    "org-id",
    "project-id",
    "tenant-id",
    "token-id",
    "token-name",
    "email",
    "client-ip",
    "real-ip",
    "connecting-ip",
    "remote-ip",
    "forwarded-for",
    "client-id",
    "endpoint-id",
];

/// What the name of a header with a secret has in it.
const SECRET_HEADERS: [&str; 10] = [
    "token",
    "secret",
    "api-key",
    "apikey",
    "signature",
    "credential",
    "session",
    "cookie",
    "auth",
    "password",
];

/// How attributes of HTML begin that a page defines.
const ATTRIBUTE: &[u8] = b"data-";

/// A longer name is not what it seems.
pub(super) const MAX_MEMBER_NAME: usize = 64;

/// What the name of a member says about its value.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own; any combination can occur"
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// Whether the value is a secret, or else tells who asked.
    pub is_secret: bool,
    /// In a sentence, the name can be a word and no name at all.
    pub is_word: bool,
    /// Numbers under this name are counts.
    pub keeps_numbers: bool,
    /// The value is the rest of its line.
    pub is_line: bool,
}

/// Whether a part of a JSON Pointer is the name of a secret.
#[doc(hidden)]
#[must_use]
pub fn leads_to_secret(pointer: &str) -> bool {
    pointer
        .split('/')
        .any(|name| named(name.as_bytes(), false).is_some_and(|named| named.is_secret))
}

/// Letters and digits in lower case.
fn normalized(name: &[u8]) -> String {
    let kept = name.iter().filter(|byte| byte.is_ascii_alphanumeric());
    kept.map(|byte| char::from(byte.to_ascii_lowercase()))
        .collect()
}

/// Whether the value of a name is to be hidden; `ids` also hides who asked.
pub(super) fn named(name: &[u8], ids: bool) -> Option<Named> {
    if !(3..=MAX_MEMBER_NAME).contains(&name.len()) || name.contains(&b'/') {
        return None;
    }
    let name = normalized(name.strip_prefix(ATTRIBUTE).unwrap_or(name));
    let ends_as = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    let kind = name.strip_suffix("tokens");
    let keeps_numbers =
        name.ends_with(TOKEN) || kind.is_some_and(|kind| KINDS_OF_TOKENS.contains(&kind));
    let is_word = keeps_numbers || SECRET_OR_WORD_ALONE.contains(&&*name);
    let is_secret = is_word || ends_as(&SECRET);
    (is_secret || (ids && IDENTITY.contains(&&*name))).then(|| Named {
        is_secret,
        is_word: is_word || !is_secret,
        keeps_numbers,
        is_line: LINES.contains(&&*name),
    })
}

/// Whether the name of a header tells of no key, token, cookie or the like.
#[doc(hidden)]
#[must_use]
pub fn is_plain_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    !name.ends_with("key") && !SECRET_HEADERS.iter().any(|part| name.contains(part))
}

/// Whether a header tells who asked, such as `X-User-Id`.
pub(crate) fn is_identity_header(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace('_', "-");
    IDENTITY_HEADERS.iter().any(|known| {
        let rest = name.strip_suffix(known);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('-'))
    })
}

#[cfg(test)]
mod tests {
    use super::{is_identity_header, is_plain_header, leads_to_secret, named};

    #[test]
    fn secrets_are_told_by_their_names() {
        for name in [
            "authorization",
            "Proxy-Authorization",
            "cookie",
            "Set-Cookie",
            "passwd",
            "db_password",
            "private_key",
            "PHPSESSION_ID",
            "sig",
            "auth",
            "jwt",
            "token",
            "tokens",
            "accessToken",
            "X-Api-Key",
            "OSSAccessKeyId",
            "X-Amz-Security-Token",
            "client secret",
            "data-sig",
            "SignatureProvided",
        ] {
            assert!(
                named(name.as_bytes(), false).is_some_and(|it| it.is_secret),
                "{name}"
            );
        }
        for name in [
            "seed",
            "author",
            "design",
            "signed",
            "user_id",
            "key",
            "X-Tos-Date",
            "id",
        ] {
            assert_eq!(named(name.as_bytes(), false), None, "{name}");
        }
        assert_eq!(named(b"total_tokens", false), None);
        assert!(named(b"access_tokens", false).is_some_and(|it| it.keeps_numbers));
        assert!(leads_to_secret("/data/token/0") && !leads_to_secret("/data/usage/total_tokens"));
        assert!(named(b"userId", true).is_some_and(|it| !it.is_secret));
    }

    #[test]
    fn headers_are_told_by_their_names() {
        for name in [
            "X-User-Id",
            "user-id",
            "New-Api-User",
            "OpenAI-Organization",
            "X-Real-IP",
        ] {
            assert!(is_identity_header(name), "{name}");
        }
        for name in ["User-Agent", "X-Request-Id", "Supergroup"] {
            assert!(!is_identity_header(name), "{name}");
        }
        for name in [
            "Authorization",
            "Set-Cookie",
            "X-Api-Key",
            "Ocp-Apim-Subscription-Key",
        ] {
            assert!(!is_plain_header(name), "{name}");
        }
        assert!(is_plain_header("Content-Type"));
    }
}
