//! Pre-signed URLs: how they are made, and when they are good for a download.

use std::collections::HashMap;

use jiff::{civil::DateTime, tz::TimeZone};
use sha2::{Digest, Sha256};
use url::form_urlencoded;

use super::{clock::date, video::hex};

const ALGORITHM: &str = "TOS4-HMAC-SHA256";
const DATE: &str = "%Y%m%dT%H%M%SZ";
const ACCESS_KEY: &str = "AKMOCK";

/// What a signature vouches for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Terms {
    /// Tells the URLs of one file apart.
    pub(super) serial: u32,
    /// When it was signed, in Unix seconds.
    pub(super) date: i64,
    /// For how many seconds it is good.
    pub(super) expires: u64,
    /// For how many requests it is good.
    pub(super) budget: Option<u32>,
}

impl Terms {
    pub(super) fn has_expired(&self, now: i64) -> bool {
        let expires = i64::try_from(self.expires).unwrap_or(i64::MAX);
        now >= self.date.saturating_add(expires)
    }
}

/// A request that the signature allows.
pub(super) struct Grant {
    pub(super) terms: Terms,
    pub(super) signature: String,
}

/// Signs URLs with a secret of its own, so that those of another gateway are refused.
pub(super) struct Signer {
    secret: [u8; 32],
}

impl Signer {
    pub(super) fn new() -> Self {
        Self {
            secret: std::array::from_fn(|_| fastrand::u8(..)),
        }
    }

    /// The query that makes a URL with this path a signed one.
    pub(super) fn query(&self, path: &str, terms: &Terms) -> String {
        let signed = date(terms.date);
        let scope = signed.strftime("%Y%m%d/cn-beijing/tos/request");
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("X-Tos-Algorithm", ALGORITHM);
        query.append_pair(
            "X-Tos-Credential",
            &format!("{ACCESS_KEY}{}/{scope}", terms.serial),
        );
        query.append_pair("X-Tos-Date", &signed.strftime(DATE).to_string());
        query.append_pair("X-Tos-Expires", &terms.expires.to_string());
        if let Some(budget) = terms.budget {
            query.append_pair("X-Tos-Max-Requests", &budget.to_string());
        }
        query.append_pair("X-Tos-Signature", &self.signature(path, terms));
        query.append_pair("X-Tos-SignedHeaders", "host");
        query.finish()
    }

    /// Whether a query allows for the file with this path, or why not.
    pub(super) fn check(&self, path: &str, query: &str, now: i64) -> Result<Grant, &'static str> {
        let members: HashMap<_, _> = form_urlencoded::parse(query.as_bytes()).collect();
        let member = |name: &str| members.get(name).map(AsRef::as_ref);
        let terms = || {
            let (access_key, _scope) = member("X-Tos-Credential")?.split_once('/')?;
            let budget = match member("X-Tos-Max-Requests") {
                Some(budget) => Some(budget.parse().ok()?),
                None => None,
            };
            Some(Terms {
                serial: access_key.strip_prefix(ACCESS_KEY)?.parse().ok()?,
                date: parse_date(member("X-Tos-Date")?)?,
                expires: member("X-Tos-Expires")?.parse().ok()?,
                budget,
            })
        };
        let Some(signature) = member("X-Tos-Signature") else {
            return Err("The request is not signed.");
        };
        let terms = terms()
            .filter(|terms| signature == self.signature(path, terms))
            .filter(|_| member("X-Tos-Algorithm") == Some(ALGORITHM))
            .ok_or("The signature does not match the request.")?;
        if terms.has_expired(now) {
            return Err("The request has expired.");
        }
        Ok(Grant {
            terms,
            signature: signature.to_owned(),
        })
    }

    fn signature(&self, path: &str, terms: &Terms) -> String {
        let mut hash = Sha256::new_with_prefix(self.secret);
        hash.update(format!("{path}\n{terms:?}"));
        hex(&hash.finalize())
    }
}

fn parse_date(text: &str) -> Option<i64> {
    let date = DateTime::strptime(DATE, text).ok()?;
    Some(TimeZone::UTC.to_timestamp(date).ok()?.as_second())
}

#[cfg(test)]
mod tests {
    use super::{Signer, Terms};

    const TERMS: Terms = Terms {
        serial: 3,
        date: 1_780_000_000,
        expires: 60,
        budget: Some(5),
    };

    #[test]
    fn a_signature_is_good_for_one_path_until_it_expires() {
        let signer = Signer::new();
        let query = signer.query("/a.mp4", &TERMS);
        assert!(query.contains("X-Tos-Date=20260528T202640Z&X-Tos-Expires=60&"));
        let grant = signer
            .check("/a.mp4", &query, TERMS.date + 59)
            .ok()
            .unwrap();
        assert_eq!(grant.terms, TERMS);
        let refused = |path, query: &str, now| signer.check(path, query, now).err();
        assert_eq!(
            refused("/a.mp4", &query, TERMS.date + 60),
            Some("The request has expired.")
        );
        let mismatch = Some("The signature does not match the request.");
        assert_eq!(refused("/b.mp4", &query, TERMS.date), mismatch);
        for (part, other) in [
            ("Expires=60", "Expires=61"),
            ("Max-Requests=5", "Max-Requests=6"),
            ("Max-Requests=5", "Max-Requests=x"),
            ("AKMOCK3", "AKMOCK4"),
            ("20260528T202640Z", "20260528T202641Z"),
            ("20260528T202640Z", "never"),
            ("TOS4-HMAC", "TOS5-HMAC"),
        ] {
            assert!(query.contains(part), "{part}");
            let query = query.replace(part, other);
            assert_eq!(refused("/a.mp4", &query, TERMS.date), mismatch, "{other}");
        }
        assert_eq!(
            refused("/a.mp4", "", TERMS.date),
            Some("The request is not signed.")
        );
        assert!(Signer::new().check("/a.mp4", &query, TERMS.date).is_err());
    }
}
