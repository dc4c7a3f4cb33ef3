//! Blocking work, off the asynchronous threads.

use tokio::task::spawn_blocking;

/// Runs blocking work on a thread of its own; it completes even if the future is dropped.
pub(crate) async fn blocking<R: Send + 'static>(work: impl FnOnce() -> R + Send + 'static) -> R {
    match spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            // The runtime is shutting down, and polls nothing any more.
            Err(_) => std::future::pending().await,
        },
    }
}
