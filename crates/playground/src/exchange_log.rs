//! The last exchanges.

use std::collections::VecDeque;

/// Maximum number of exchanges kept,
const MAX_EXCHANGES: usize = 200;
/// and of bytes of their reports.
const MAX_BYTES: usize = 8_000_000;

/// The reports of the last exchanges as JSON, numbered from 1.
#[derive(Default)]
pub(super) struct ExchangeLog {
    exchanges: VecDeque<String>,
    bytes: usize,
    /// The number of the last exchange.
    latest: u64,
}

impl ExchangeLog {
    /// Adds the exchange that is made for its number.
    pub fn add(&mut self, exchange: impl FnOnce(u64) -> String) {
        self.latest += 1;
        let exchange = exchange(self.latest);
        self.bytes += exchange.len();
        self.exchanges.push_back(exchange);
        while self.exchanges.len() > MAX_EXCHANGES || self.bytes > MAX_BYTES {
            let Some(oldest) = self.exchanges.pop_front() else {
                break;
            };
            self.bytes -= oldest.len();
        }
    }

    /// The exchanges after a number, as JSON.
    pub fn after(&self, number: u64) -> String {
        let new = self.latest.saturating_sub(number);
        let new = usize::try_from(new).unwrap_or(usize::MAX);
        let skipped = self.exchanges.len().saturating_sub(new);
        let new: Vec<&str> = self
            .exchanges
            .iter()
            .skip(skipped)
            .map(String::as_str)
            .collect();
        format!(
            r#"{{"latest":{},"exchanges":[{}]}}"#,
            self.latest,
            new.join(",")
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{ExchangeLog, MAX_BYTES, MAX_EXCHANGES};

    #[test]
    fn gives_what_is_new() {
        let mut log = ExchangeLog::default();
        assert_eq!(log.after(0), r#"{"latest":0,"exchanges":[]}"#);
        for _ in 0..3 {
            log.add(|number| number.to_string());
        }
        assert_eq!(log.after(0), r#"{"latest":3,"exchanges":[1,2,3]}"#);
        assert_eq!(log.after(2), r#"{"latest":3,"exchanges":[3]}"#);
        // A page that was loaded before the program was started again.
        assert_eq!(log.after(9), r#"{"latest":3,"exchanges":[]}"#);
    }

    #[test]
    fn forgets_the_oldest() {
        let mut log = ExchangeLog::default();
        for _ in 0..=MAX_EXCHANGES {
            log.add(|number| number.to_string());
        }
        assert!(log.after(0).contains(r#""exchanges":[2,3,"#));
        log.add(|_| "x".repeat(MAX_BYTES / 2 + 1));
        log.add(|_| "y".repeat(MAX_BYTES / 2 + 1));
        let left = log.after(0);
        assert!(left.contains(r#""exchanges":[yyy"#) && left.len() < MAX_BYTES);
        log.add(|_| "z".repeat(MAX_BYTES + 1));
        assert_eq!(log.after(0), r#"{"latest":204,"exchanges":[]}"#);
    }
}
