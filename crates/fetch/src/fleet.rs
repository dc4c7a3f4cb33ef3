//! The ledger that the workers of a fleet share, and how one of them uses it.

use std::{
    fmt,
    num::{NonZeroU32, NonZeroUsize},
    time::Duration,
};

const LEASE: Duration = Duration::from_mins(1);
const PATIENCE: Duration = Duration::from_mins(5);
const TASKS: NonZeroUsize = NonZeroUsize::new(256).unwrap();

/// A fleet of workers, whose ledger is in a Postgres database.
///
/// # Examples
///
/// ```no_run
/// # async fn run(client: seedance_query::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use futures_util::stream;
/// use seedance_fetch::{Fetch, Fleet};
///
/// // The password is that of PGPASSWORD.
/// let fleet = Fleet::new("postgres://worker@db.example/fleet");
/// let fetch = Fetch::new(&client, "videos").task("asyntask_1".parse()?);
/// let stop = std::future::pending();
/// let summary = fetch.run_in_fleet(&fleet, stream::empty(), |_| {}, stop).await?;
/// println!("{:?}", summary.fleet);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Fleet {
    pub(super) url: String,
    pub(super) lease: Duration,
    pub(super) patience: Duration,
    pub(super) tasks: NonZeroUsize,
    pub(super) downloads: Option<NonZeroU32>,
}

impl Fleet {
    /// A fleet with the ledger in the database of a URL, such as `postgres://user@host/database`; it is
    /// created there if it is missing.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            lease: LEASE,
            patience: PATIENCE,
            tasks: TASKS,
            downloads: None,
        }
    }

    /// How long a task stays with this worker after its last sign of life: a minute unless set.
    #[must_use]
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }

    /// How long the database may be away before this worker ends: 5 minutes unless set.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The maximum number of videos that all workers together download at a time. It holds for all of
    /// them until one sets another; without any there is no limit but that of each worker.
    #[must_use]
    pub fn downloads_of_all(mut self, at_a_time: NonZeroU32) -> Self {
        self.downloads = Some(at_a_time);
        self
    }

    /// The maximum number of tasks that this worker holds: 256 unless set.
    #[must_use]
    pub fn tasks_at_a_time(mut self, tasks: NonZeroUsize) -> Self {
        self.tasks = tasks;
        self
    }
}

/// The URL can have a password in it.
impl fmt::Debug for Fleet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Fleet")
            .field("lease", &self.lease)
            .field("patience", &self.patience)
            .field("tasks", &self.tasks)
            .field("downloads", &self.downloads)
            .finish_non_exhaustive()
    }
}
