//! The header that says which bytes a response has.

use http::{HeaderMap, header};

/// A `Content-Range` in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ContentRange {
    /// These bytes, the last one included, of so many.
    Some {
        first: u64,
        last: u64,
        total: Option<u64>,
    },
    /// None, because there are only so many.
    None { total: u64 },
}

impl ContentRange {
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let value = headers.get(header::CONTENT_RANGE)?.to_str().ok()?;
        let (range, total) = value.strip_prefix("bytes ")?.trim().split_once('/')?;
        if range == "*" {
            return Some(Self::None {
                total: number(total)?,
            });
        }
        let (first, last) = range.split_once('-')?;
        let (first, last) = (number(first)?, number(last)?);
        let total = match total {
            "*" => None,
            total => Some(number(total)?),
        };
        let is_sound = first <= last && total.is_none_or(|total| last < total);
        is_sound.then_some(Self::Some { first, last, total })
    }
}

/// Digits only: `u64` would take a sign, too.
fn number(text: &str) -> Option<u64> {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, header};

    use super::ContentRange;

    #[test]
    fn reads_what_is_sound_only() {
        let read = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_RANGE, text.parse().unwrap());
            ContentRange::of(&headers)
        };
        let range = |first, last, total| Some(ContentRange::Some { first, last, total });
        assert_eq!(read("bytes 5-9/10"), range(5, 9, Some(10)));
        assert_eq!(read("bytes 0-0/*"), range(0, 0, None));
        assert_eq!(read("bytes */10"), Some(ContentRange::None { total: 10 }));
        for text in [
            "",
            "bytes",
            "bytes 5-9",
            "bytes 9-5/10",
            "bytes 5-10/10",
            "bytes +5-9/10",
            "bytes */*",
            "bytes -/10",
            "items 5-9/10",
            "bytes 5-99999999999999999999/*",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(ContentRange::of(&HeaderMap::new()), None);
    }
}
