//! The time of an exchange as text (RFC 3339, UTC).

use std::time::{Duration, SystemTime};

/// The end of the year 9999, behind which there is no such text.
const END: Duration = Duration::from_hours(70_389_528);

/// The time as text; none before 1970 and after 9999.
pub(super) fn written(time: SystemTime) -> Option<String> {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    let text = if since >= END {
        return None;
    } else if since.subsec_nanos() == 0 {
        humantime::format_rfc3339_seconds(time).to_string()
    } else if since.subsec_nanos().is_multiple_of(1_000_000) {
        humantime::format_rfc3339_millis(time).to_string()
    } else {
        humantime::format_rfc3339_nanos(time).to_string()
    };
    Some(text)
}

/// The time that a text tells.
pub(super) fn read(text: &str) -> Option<SystemTime> {
    humantime::parse_rfc3339(text).ok()
}

#[cfg(test)]
mod tests {
    use super::{Duration, END, SystemTime, read, written};

    #[test]
    fn a_time_is_read_as_it_was_written() {
        let at = |since| SystemTime::UNIX_EPOCH + since;
        for (since, text) in [
            (Duration::ZERO, "1970-01-01T00:00:00Z"),
            (
                Duration::from_millis(1_780_000_000_050),
                "2026-05-28T20:26:40.050Z",
            ),
            (
                Duration::new(1_780_000_000, 7),
                "2026-05-28T20:26:40.000000007Z",
            ),
        ] {
            assert_eq!(written(at(since)).as_deref(), Some(text));
            assert_eq!(read(text), Some(at(since)));
        }
        assert_eq!(written(at(END)), None);
        assert_eq!(
            written(SystemTime::UNIX_EPOCH - Duration::from_secs(1)),
            None
        );
        assert_eq!(read("yesterday"), None);
    }
}
