//! A wait as a stream of events.

use std::{
    fmt,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use futures_util::{
    Stream,
    stream::{BoxStream, StreamExt},
};

use super::{event::WaitEvent, snapshot::WaitSnapshot};

/// The stream of [`Wait::observe`](crate::Wait::observe).
#[must_use = "nothing is queried until it is polled"]
pub struct Observations {
    pub(super) events: BoxStream<'static, WaitEvent>,
    pub(super) snapshot: Arc<Mutex<WaitSnapshot>>,
}

impl Observations {
    /// The next event, none after the end.
    pub async fn next(&mut self) -> Option<WaitEvent> {
        self.events.next().await
    }

    /// The state of the wait as of its last event: save it, and continue with
    /// [`Client::resume`](crate::Client::resume) until the same deadline.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(client: seedance_query::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let mut events = client.wait(&"asyntask_1".parse()?).observe();
    /// while let Some(event) = events.next().await {
    ///     std::fs::write("wait.json", serde_json::to_string(&events.snapshot())?)?;
    ///     println!("{event:?}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn snapshot(&self) -> WaitSnapshot {
        let snapshot = self.snapshot.lock();
        snapshot.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Stream for Observations {
    type Item = WaitEvent;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<WaitEvent>> {
        self.events.poll_next_unpin(cx)
    }
}

impl fmt::Debug for Observations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observations").finish_non_exhaustive()
    }
}
