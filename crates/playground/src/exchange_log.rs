//! The last exchanges.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Maximum number of exchanges kept,
const MAX_EXCHANGES: usize = 200;
/// and of bytes.
const MAX_BYTES: usize = 8_000_000;

/// The last exchanges, numbered from 1: as JSON what has been asked for, and as they came what has not.
pub(super) struct ExchangeLog<T> {
    /// Held for no longer than it takes to add one: traffic may wait for it.
    unshown: Mutex<Latest<T>>,
    shown: Mutex<Latest<String>>,
}

/// The latest of something, each with its number and size.
struct Latest<T> {
    kept: VecDeque<(u64, usize, T)>,
    bytes: usize,
    /// The number of the last one.
    number: u64,
}

impl<T> Latest<T> {
    const NONE: Self = Self {
        kept: VecDeque::new(),
        bytes: 0,
        number: 0,
    };

    fn add(&mut self, number: u64, size: usize, item: T) {
        self.number = number;
        self.bytes += size;
        self.kept.push_back((number, size, item));
        while self.kept.len() > MAX_EXCHANGES || self.bytes > MAX_BYTES {
            let Some((_, size, _)) = self.kept.pop_front() else {
                break;
            };
            self.bytes -= size;
        }
    }

    /// Takes all that is kept; the numbers go on.
    fn take(&mut self) -> VecDeque<(u64, usize, T)> {
        self.bytes = 0;
        std::mem::take(&mut self.kept)
    }
}

impl<T> ExchangeLog<T> {
    pub fn new() -> Self {
        Self {
            unshown: Mutex::new(Latest::NONE),
            shown: Mutex::new(Latest::NONE),
        }
    }

    /// Adds an exchange of about this many bytes.
    pub fn add(&self, exchange: T, size: usize) {
        let mut unshown = lock(&self.unshown);
        let number = unshown.number + 1;
        unshown.add(number, size, exchange);
    }

    /// The exchanges after a number, as JSON; those that nobody has asked for are made into it now, in
    /// their order.
    pub fn after(&self, number: u64, show: impl Fn(u64, T) -> String) -> String {
        let mut shown = lock(&self.shown);
        let (new, latest) = {
            let mut unshown = lock(&self.unshown);
            (unshown.take(), unshown.number)
        };
        for (number, _, exchange) in new {
            let json = show(number, exchange);
            shown.add(number, json.len(), json);
        }
        let wanted = shown.kept.iter().filter(|(own, ..)| *own > number);
        let wanted: Vec<&str> = wanted.map(|(_, _, json)| json.as_str()).collect();
        format!(
            r#"{{"latest":{latest},"exchanges":[{}]}}"#,
            wanted.join(",")
        )
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::{ExchangeLog, MAX_BYTES, MAX_EXCHANGES};

    fn number(number: u64, (): ()) -> String {
        number.to_string()
    }

    #[test]
    fn gives_what_is_new() {
        let log = ExchangeLog::new();
        assert_eq!(log.after(0, number), r#"{"latest":0,"exchanges":[]}"#);
        for _ in 0..2 {
            log.add((), 1);
        }
        assert_eq!(log.after(0, number), r#"{"latest":2,"exchanges":[1,2]}"#);
        log.add((), 1);
        assert_eq!(log.after(0, number), r#"{"latest":3,"exchanges":[1,2,3]}"#);
        assert_eq!(log.after(2, number), r#"{"latest":3,"exchanges":[3]}"#);
        // A page that was loaded before the program was started again.
        assert_eq!(log.after(9, number), r#"{"latest":3,"exchanges":[]}"#);
    }

    #[test]
    fn forgets_the_oldest() {
        let log = ExchangeLog::new();
        for _ in 0..=MAX_EXCHANGES {
            log.add((), 1);
        }
        assert!(log.after(0, number).contains(r#""exchanges":[2,3,"#));
        // Before they are asked for,
        for _ in 0..3 {
            log.add((), MAX_BYTES / 2);
        }
        assert_eq!(
            log.after(202, number),
            r#"{"latest":204,"exchanges":[203,204]}"#
        );
        // and when they are too long as JSON.
        for _ in 0..2 {
            log.add((), 1);
        }
        let left = log.after(0, |_, ()| "x".repeat(MAX_BYTES / 2 + 1));
        assert!(left.contains(r#""exchanges":[xxx"#) && left.len() < MAX_BYTES);
    }

    #[test]
    fn nothing_is_made_before_it_is_asked_for_and_nothing_twice() {
        let (log, made) = (ExchangeLog::new(), Cell::new(0));
        let show = |_, ()| {
            made.set(made.get() + 1);
            String::from("{}")
        };
        for _ in 0..10 * MAX_EXCHANGES {
            log.add((), 1);
        }
        assert_eq!(made.get(), 0);
        for _ in 0..2 {
            log.after(0, show);
            assert_eq!(made.get(), MAX_EXCHANGES);
        }
    }
}
