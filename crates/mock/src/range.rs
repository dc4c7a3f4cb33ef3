//! Parts of a file: what a `Range` header asks for.

use http::{HeaderMap, header};

/// What of a file is to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it.
    Whole,
    /// From one offset to before another.
    Range(u64, u64),
    /// None of it: the range begins behind the end.
    Unsatisfiable,
}

/// What the headers ask for of a file with this length, tag and date.
///
/// A range that cannot be understood, or several of them, count as none, as HTTP lets a server do.
pub(super) fn part(headers: &HeaderMap, length: u64, tag: &str, modified: &str) -> Part {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let condition = text(header::IF_RANGE);
    if condition.is_some_and(|condition| condition != tag && condition != modified) {
        return Part::Whole;
    }
    text(header::RANGE)
        .and_then(|range| asked(range.strip_prefix("bytes=")?, length))
        .unwrap_or(Part::Whole)
}

fn asked(range: &str, length: u64) -> Option<Part> {
    let (first, last) = range.split_once('-')?;
    let number = |text: &str| {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse::<u64>().unwrap_or(u64::MAX))
    };
    let (start, end) = match (first, last) {
        // So many bytes from the end.
        ("", last) => match number(last)? {
            0 => return Some(Part::Unsatisfiable),
            count => (length.saturating_sub(count), length),
        },
        (first, "") => (number(first)?, length),
        (first, last) => {
            let (first, last) = (number(first)?, number(last)?);
            if last < first {
                return None;
            }
            (first, last.saturating_add(1).min(length))
        }
    };
    Some(if start < length {
        Part::Range(start, end)
    } else {
        Part::Unsatisfiable
    })
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, header};

    use super::{Part, part};

    #[test]
    fn reads_ranges_as_http_defines_them() {
        for (range, expected) in [
            ("bytes=0-", Part::Range(0, 100)),
            ("bytes=10-", Part::Range(10, 100)),
            ("bytes=10-19", Part::Range(10, 20)),
            ("bytes=99-1000", Part::Range(99, 100)),
            ("bytes=-5", Part::Range(95, 100)),
            ("bytes=-500", Part::Range(0, 100)),
            ("bytes=100-", Part::Unsatisfiable),
            ("bytes=99999999999999999999999-", Part::Unsatisfiable),
            ("bytes=-0", Part::Unsatisfiable),
            ("bytes=5-4", Part::Whole),
            ("bytes=0-1,5-6", Part::Whole),
            ("bytes=+1-", Part::Whole),
            ("bytes=-", Part::Whole),
            ("lines=0-", Part::Whole),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::RANGE, HeaderValue::from_static(range));
            assert_eq!(part(&headers, 100, "\"t\"", "date"), expected, "{range}");
            headers.insert(header::IF_RANGE, HeaderValue::from_static("\"t\""));
            assert_eq!(part(&headers, 100, "\"t\"", "date"), expected, "{range}");
            headers.insert(header::IF_RANGE, HeaderValue::from_static("W/\"t\""));
            assert_eq!(part(&headers, 100, "\"t\"", "date"), Part::Whole);
        }
        assert_eq!(part(&HeaderMap::new(), 100, "\"t\"", "date"), Part::Whole);
    }
}
