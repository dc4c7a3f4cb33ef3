//! Waiting for something that another task or process does.

use std::time::Duration;

/// Maximum time that a test waits for something.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Looks again and again, for half a minute at most.
pub async fn until(what: &str, is_so: impl Fn() -> bool) {
    for _ in 0..6000 {
        if is_so() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("half a minute has passed without {what}");
}
