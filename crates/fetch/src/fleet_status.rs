//! What a fleet of workers has done, and has to do.

use serde::Serialize;

/// The tasks of a ledger that workers share, by the clock of its server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FleetStatus {
    /// Tasks that the next worker can claim.
    pub due: u64,
    /// Tasks that a worker holds.
    pub held: u64,
    /// Tasks that a worker could not take further, and that are due again later.
    pub later: u64,
    /// Tasks whose videos have arrived.
    pub arrived: u64,
    /// Tasks that failed, which the platform refunds.
    pub failed: u64,
    /// Tasks without an available video; each is queried once more when it is named.
    pub unavailable: u64,
    /// Workers that hold tasks.
    pub workers: u64,
    /// Tasks that were done in the last minute.
    pub done_last_minute: u64,
    /// Tasks that were done in the last hour.
    pub done_last_hour: u64,
    /// Queries that have begun, of all workers.
    pub queries: u64,
    /// Maximum number of queries a second, of all workers.
    pub queries_per_second: Option<u32>,
    /// Videos that are being downloaded within the limit of the fleet.
    pub downloads: u64,
    /// Maximum number of videos that all workers download at a time, if there is one.
    pub max_downloads: Option<u64>,
    /// Seconds until the first URL of a video that has not arrived expires; negative if it has.
    pub oldest_expiry_in: Option<f64>,
}

impl FleetStatus {
    /// How many tasks are not done.
    #[must_use]
    pub fn open(&self) -> u64 {
        self.due + self.held + self.later
    }

    /// How many tasks there are.
    #[must_use]
    pub fn tasks(&self) -> u64 {
        self.open() + self.arrived + self.failed + self.unavailable
    }
}
