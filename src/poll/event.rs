//! What happens while a task is waited for.

use super::{error::WaitError, observation::Observation, outcome::Outcome};

/// One step of a wait: any number of observations, then the end. A `match` can rely on there being
/// no other events.
#[derive(Debug)]
pub enum WaitEvent {
    /// The task was queried, and will be queried again.
    Observed(Observation),
    /// The last event: how the wait ended.
    Ended(Result<Outcome, WaitError>),
}
