//! Decoders that panic on damaged data.

use std::{
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
};

thread_local! {
    static IS_GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Calls a decoder, which must not be called again if this fails: on damaged data, those of Parquet
/// sometimes panic where they should fail, and the other inputs are still to be read.
pub(super) fn guarded<T>(call: impl FnOnce() -> T) -> Result<T, String> {
    let was_guarded = IS_GUARDED.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(call));
    IS_GUARDED.set(was_guarded);
    outcome.map_err(|_| "this table is damaged: its decoder gave up".to_owned())
}

/// Whether a panic of this thread would be caught, and reported as an unreadable input.
pub fn is_panic_caught() -> bool {
    IS_GUARDED.get()
}

#[cfg(test)]
mod tests {
    use super::{guarded, is_panic_caught};

    #[test]
    fn only_panics_of_decoders_are_caught() {
        assert!(!is_panic_caught());
        let seen = guarded(|| std::thread::spawn(is_panic_caught).join().unwrap());
        assert_eq!(seen, Ok(false), "another thread is not guarded");
        assert_eq!(guarded(is_panic_caught), Ok(true));
        let outcome = guarded(|| Vec::<u8>::new()[std::hint::black_box(0)]);
        assert!(outcome.unwrap_err().contains("damaged"));
        assert!(!is_panic_caught());
    }
}
