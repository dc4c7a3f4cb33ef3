//! The `Retry-After` header.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, header};

/// How long a response asks to wait before the next request: seconds, or until a date by the clock of
/// whoever names it.
pub(crate) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let value = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    match value.parse::<f64>() {
        Ok(seconds) => Duration::try_from_secs_f64(seconds.ceil()).ok(),
        Err(_) => httpdate::parse_http_date(value)
            .ok()
            .map(|date| date.duration_since(sent_at(headers)).unwrap_or_default()),
    }
}

/// When a response was sent, by the server's clock; by that of this machine if it does not tell. Clocks
/// differ by minutes.
pub(crate) fn sent_at(headers: &HeaderMap) -> SystemTime {
    let date = headers
        .get(header::DATE)
        .and_then(|date| date.to_str().ok());
    date.and_then(|date| httpdate::parse_http_date(date).ok())
        .unwrap_or_else(SystemTime::now)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use http::{HeaderMap, header};

    use super::retry_after;

    /// A response that was sent at a time, and asks to wait until another.
    fn headers(sent_at: Option<SystemTime>, until: SystemTime) -> HeaderMap {
        let date = |time| httpdate::fmt_http_date(time).parse().unwrap();
        let sent_at = sent_at.map(|time| (header::DATE, date(time)));
        let until = (header::RETRY_AFTER, date(until));
        sent_at.into_iter().chain([until]).collect()
    }

    #[test]
    fn a_date_is_compared_with_the_clock_of_the_server() {
        const OFF: Duration = Duration::from_mins(10);
        const WAIT: Duration = Duration::from_secs(30);
        const AT_LEAST: Duration = Duration::from_secs(570);
        let now = SystemTime::now();
        for server in [now - OFF, now, now + OFF] {
            let asked = retry_after(&headers(Some(server), server + WAIT));
            assert_eq!(asked, Some(WAIT));
            let asked = retry_after(&headers(Some(server), server - WAIT));
            assert_eq!(asked, Some(Duration::ZERO), "it is over");
        }
        // Without a clock of the server there is only that of this machine.
        let asked = retry_after(&headers(None, now + OFF)).unwrap();
        assert!((AT_LEAST..=OFF).contains(&asked), "{asked:?}");
    }
}
