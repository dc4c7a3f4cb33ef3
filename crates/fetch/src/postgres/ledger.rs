//! The ledger in Postgres, as a worker of a fleet uses it.

use std::{
    num::NonZeroU32,
    process,
    sync::Arc,
    time::{Duration, SystemTime},
};

use seedance_query::model::TaskId;
use tokio::{
    sync::mpsc,
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};

use super::{
    address::PostgresAddress,
    claims::{self, Lease},
    connections::Connections,
    limits::{self, DownloadSlot, FleetTurns},
    status::status,
    tasks,
    version::check_version,
    videos,
};
use crate::{
    error::FetchError,
    event::FetchEvent,
    fleet_status::FleetStatus,
    ledger::{Backlog, Beginning, Claim, Claims, Ledger, LedgerRows, Placing, TaskRow, VideoRow},
    video_kind::VideoKind,
};

/// Queries a second of all workers, unless one of them sets another number.
const RATE: NonZeroU32 = NonZeroU32::new(20).unwrap();
/// How often a lease is renewed while it lasts.
const RENEWALS: u32 = 4;
/// Minimum time between two of them.
const MIN_PAUSE: Duration = Duration::from_millis(10);

/// A ledger in Postgres. Clones are one worker; its leases are renewed until the last one is dropped.
#[derive(Clone, Debug)]
pub struct PostgresLedger(Arc<Worker>);

#[derive(Debug)]
struct Worker {
    connections: Arc<Connections>,
    lease: Lease,
    heartbeat: JoinHandle<()>,
}

impl PostgresLedger {
    /// Connects, and creates or upgrades the tables. `patience` is how long the database may be away
    /// later.
    ///
    /// # Errors
    ///
    /// If the database cannot be reached or used, or a later program upgraded its tables.
    pub async fn open(
        address: &PostgresAddress,
        lease: Duration,
        patience: Duration,
    ) -> Result<(Self, mpsc::UnboundedReceiver<FetchEvent>), FetchError> {
        let (tell, told) = mpsc::unbounded_channel();
        let connections = Arc::new(Connections::new(address, patience, tell)?);
        check_version(&connections).await?;
        let lease = Lease {
            worker: worker_name(),
            duration: lease,
        };
        let heartbeat = tokio::spawn(renew(Arc::clone(&connections), lease.clone()));
        let worker = Worker {
            connections,
            lease,
            heartbeat,
        };
        Ok((Self(Arc::new(worker)), told))
    }

    /// Sets what this worker says of the limits of all.
    pub(super) async fn set_limits(
        &self,
        rate: Option<NonZeroU32>,
        downloads: Option<NonZeroU32>,
    ) -> Result<(), FetchError> {
        limits::set(self.connections(), rate, RATE, downloads).await
    }

    /// The turns of this worker's queries.
    pub(super) fn turns(&self) -> FleetTurns {
        FleetTurns::new(Arc::clone(&self.0.connections))
    }

    /// What the ledger knows of all workers and tasks.
    pub(super) async fn status(&self) -> Result<FleetStatus, FetchError> {
        status(self.connections()).await
    }

    /// The worker was told to stop: a database that is away is not waited for much longer.
    pub(super) fn hurry(&self) {
        self.0.connections.hurry();
    }

    fn connections(&self) -> &Connections {
        &self.0.connections
    }
}

/// Renews the leases of a worker until that is aborted. What cannot be renewed is found out by the next
/// write.
async fn renew(connections: Arc<Connections>, lease: Lease) {
    let mut beats = interval((lease.duration / RENEWALS).max(MIN_PAUSE));
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        beats.tick().await;
        let _ = claims::renew(&connections, &lease).await;
        let _ = limits::renew_slots(&connections, &lease).await;
    }
}

/// A name that no other worker has, and that tells where it runs.
fn worker_name() -> String {
    use std::hash::{BuildHasher, RandomState};
    // Each state has keys of its own.
    let random = RandomState::new().hash_one(SystemTime::now());
    format!("{}-{random:016x}", process::id())
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.heartbeat.abort();
    }
}

impl Ledger for PostgresLedger {
    type DownloadSlot = DownloadSlot;

    async fn begin(&self, beginning: Beginning) -> Result<(), FetchError> {
        tasks::begin(self.connections(), &beginning).await
    }

    async fn interrupted(&self) -> Result<Vec<(Claim, VideoRow)>, FetchError> {
        Ok(Vec::new())
    }

    async fn arrived_here(&self, _: Vec<TaskId>) -> Result<Vec<VideoRow>, FetchError> {
        // They can be in the directory of another worker.
        Ok(Vec::new())
    }

    async fn gone(&self, _: TaskId, _: VideoKind) -> Result<(), FetchError> {
        Ok(())
    }

    async fn backlog(&self) -> Result<Backlog, FetchError> {
        tasks::backlog(self.connections()).await
    }

    async fn add(&self, ids: Vec<TaskId>) -> Result<usize, FetchError> {
        tasks::add(self.connections(), &ids).await
    }

    async fn claim(&self, at_most: usize) -> Result<Claims, FetchError> {
        claims::claim(self.connections(), &self.0.lease, at_most).await
    }

    async fn release(&self, claim: &Claim) -> Result<(), FetchError> {
        claims::release(self.connections(), claim).await
    }

    async fn release_all(&self) -> Result<(), FetchError> {
        claims::release_all(self.connections(), &self.0.lease).await;
        limits::give_all_back(self.connections(), &self.0.lease).await;
        Ok(())
    }

    async fn ended(
        &self,
        claim: &Claim,
        row: TaskRow,
        videos: Vec<(VideoKind, Option<SystemTime>)>,
    ) -> Result<(), FetchError> {
        tasks::ended(self.connections(), claim, &row, &videos).await
    }

    async fn goes_on(&self, claim: &Claim) -> Result<(), FetchError> {
        tasks::goes_on(self.connections(), claim).await
    }

    async fn unavailable(&self, claim: &Claim, reason: String) -> Result<(), FetchError> {
        tasks::unavailable(self.connections(), claim, &reason).await
    }

    async fn has_problem(&self, claim: &Claim, problem: String) -> Result<(), FetchError> {
        tasks::has_problem(self.connections(), claim, &problem).await
    }

    async fn video(&self, id: TaskId, kind: VideoKind) -> Result<Option<VideoRow>, FetchError> {
        videos::video(self.connections(), &id, kind).await
    }

    async fn placing(
        &self,
        claim: &Claim,
        kind: VideoKind,
        placing: Placing,
    ) -> Result<(), FetchError> {
        videos::placing(self.connections(), claim, kind, &placing).await
    }

    async fn placed(&self, claim: &Claim, kind: VideoKind, did: bool) -> Result<(), FetchError> {
        videos::placed(self.connections(), claim, kind, did).await
    }

    async fn download_slot(&self) -> Result<DownloadSlot, FetchError> {
        limits::take_slot(&self.0.connections, &self.0.lease).await
    }

    async fn rows(&self) -> Result<LedgerRows, FetchError> {
        let worker = &self.0.lease.worker;
        Ok(LedgerRows {
            tasks: tasks::of_worker(self.connections(), worker).await?,
            videos: videos::of_worker(self.connections(), worker).await?,
            submissions: Vec::new(),
        })
    }
}
