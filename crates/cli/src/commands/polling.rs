//! A wait with its progress shown.

use std::io;

use seedance_fetch::FetchEvent;
use seedance_query::{Outcome, Wait, WaitError, WaitEvent};

use crate::terminal::Progress;

/// Polls until the task ends.
pub(super) async fn ended(
    wait: Wait,
    progress: &mut Progress,
) -> io::Result<Result<Outcome, WaitError>> {
    let mut events = wait.observe();
    while let Some(event) = events.next().await {
        match event {
            WaitEvent::Observed(seen) => progress.show(&FetchEvent::from(&seen))?,
            WaitEvent::Ended(outcome) => return Ok(outcome),
        }
    }
    Err(io::Error::other("the wait ended without an outcome"))
}
