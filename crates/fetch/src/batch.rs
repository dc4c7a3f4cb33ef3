//! A batch, built step by step.

use std::{
    future::Future,
    num::{NonZeroU32, NonZeroUsize},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use futures_util::stream::{self, Stream};
use seedance_query::{client::Client, model::TaskId, poll::WaitPolicy};

use super::{
    blocking::blocking, error::FetchError, event::FetchEvent, open::open_ledger, options::Options,
    run::Run, store_url::StoreUrl, summary::FetchSummary, video_store::VideoStore,
};

const DOWNLOADS: NonZeroUsize = NonZeroUsize::new(4).unwrap();

/// Fetches the videos of many tasks into a directory; it can be killed at any point.
///
/// The directory holds the videos, the last body of each task as a redacted capture beside them,
/// and a ledger (SQLite) of what is done. Another run with the same directory continues with the
/// tasks of both; a video that has arrived is not queried or downloaded again. Only one run at a
/// time can use a directory.
///
/// # Examples
///
/// ```no_run
/// # async fn run(client: seedance_query::Client) -> Result<(), Box<dyn std::error::Error>> {
/// use seedance_fetch::{Fetch, FetchState};
///
/// let fetch = Fetch::new(&client, "videos").task("asyntask_1".parse()?).task("asyntask_2".parse()?);
/// let summary = fetch.run(|event| println!("{event:?}"), std::future::pending()).await?;
/// println!("{} videos arrived", summary.count(FetchState::Arrived));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is fetched until it runs"]
pub struct Fetch(pub(super) Options);

impl Fetch {
    /// Fetches into a directory, which is created if it is missing.
    pub fn new(client: &Client, directory: impl Into<PathBuf>) -> Self {
        Self(Options {
            client: client.clone(),
            directory: directory.into(),
            store: None,
            ids: Vec::new(),
            policy: WaitPolicy::default(),
            downloads: DOWNLOADS,
            held_at_a_time: None,
            requests_per_second: None,
            originals: false,
            forgotten: Vec::new(),
            max_bytes: None,
            min_speed: None,
            download_timeout: None,
            verify: true,
            allow_private: false,
            allow_http: false,
        })
    }

    /// Stores the videos in an object store, such as `s3://bucket/prefix`. Each is downloaded to the
    /// directory first, and removed from there once it is stored. It needs the feature `object-store`.
    ///
    /// The settings and credentials are those of `AWS_*`, `GOOGLE_*` and `AZURE_*` in the environment. An
    /// object is created once: one that is there with other content is left as it is. Captures, and the
    /// ledger unless that is elsewhere, stay in the directory.
    pub fn into_store(mut self, url: StoreUrl) -> Self {
        self.0.store = Some(url);
        self
    }

    /// Adds a task.
    pub fn task(mut self, id: TaskId) -> Self {
        self.0.ids.push(id);
        self
    }

    /// Adds tasks; those that an earlier run left need not be named. A task that is named although
    /// it is done is fetched again if its file is gone.
    pub fn tasks(mut self, ids: impl IntoIterator<Item = TaskId>) -> Self {
        self.0.ids.extend(ids);
        self
    }

    /// How often each task is queried, for how long, and which errors are tolerated.
    pub fn policy(mut self, policy: WaitPolicy) -> Self {
        self.0.policy = policy;
        self
    }

    /// How many videos are downloaded at a time: 4 unless set.
    pub fn downloads(mut self, at_a_time: NonZeroUsize) -> Self {
        self.0.downloads = at_a_time;
        self
    }

    /// How many queries begin in a second, over all tasks; see
    /// [`Watch::requests_per_second`](seedance_query::Watch::requests_per_second).
    pub fn requests_per_second(mut self, requests: NonZeroU32) -> Self {
        self.0.requests_per_second = Some(requests);
        self
    }

    /// Whether to fetch the videos before the enhancement as well.
    pub fn originals(mut self, wanted: bool) -> Self {
        self.0.originals = wanted;
        self
    }

    /// Takes tasks out of the ledger first, such as ids that the gateway does not know. Their files
    /// stay.
    pub fn forget(mut self, ids: impl IntoIterator<Item = TaskId>) -> Self {
        self.0.forgotten.extend(ids);
        self
    }

    /// The longest video that is accepted, in bytes; see
    /// [`Download::max_bytes`](seedance_query::Download::max_bytes).
    pub fn max_bytes(mut self, bytes: u64) -> Self {
        self.0.max_bytes = Some(bytes);
        self
    }

    /// Minimum speed of a download in bytes a second; see
    /// [`Download::min_speed`](seedance_query::Download::min_speed).
    pub fn min_speed(mut self, bytes_per_second: u64) -> Self {
        self.0.min_speed = Some(bytes_per_second);
        self
    }

    /// Maximum duration of a download; see
    /// [`Download::total_timeout`](seedance_query::Download::total_timeout).
    pub fn download_timeout(mut self, timeout: Duration) -> Self {
        self.0.download_timeout = Some(timeout);
        self
    }

    /// Whether a video must be verified as complete; true by default. See
    /// [`Download::verify`](seedance_query::Download::verify).
    pub fn verify(mut self, verify: bool) -> Self {
        self.0.verify = verify;
        self
    }

    /// Whether videos may be requested from private addresses; see
    /// [`Download::allow_private`](seedance_query::Download::allow_private).
    pub fn allow_private(mut self, allow: bool) -> Self {
        self.0.allow_private = allow;
        self
    }

    /// Whether videos may be requested without TLS; see
    /// [`Download::allow_http`](seedance_query::Download::allow_http).
    pub fn allow_http(mut self, allow: bool) -> Self {
        self.0.allow_http = allow;
        self
    }

    /// Runs until each task has ended and its video has arrived or is unavailable, or until `stop`
    /// is ready. Dropping the future is safe as well: the ledger is consistent at any moment.
    ///
    /// # Errors
    ///
    /// If there is nothing to do, the directory or its ledger cannot be used, or another run holds
    /// it. The failure of a task is not an error but part of the summary.
    pub async fn run(
        self,
        on_event: impl FnMut(FetchEvent),
        stop: impl Future<Output = ()>,
    ) -> Result<FetchSummary, FetchError> {
        let ids = stream::empty();
        self.run_in_directory(false, ids, on_event, stop).await
    }

    /// The same, with tasks that are added while the batch runs, such as by a process that submits
    /// them. It ends once `ids` has ended as well.
    ///
    /// # Errors
    ///
    /// As for [`run`](Self::run), but the batch can begin without a task.
    ///
    /// # Examples
    ///
    /// ```no_run
    /// # async fn run(client: seedance_query::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use futures_util::stream;
    /// use seedance_fetch::Fetch;
    /// use tokio::sync::mpsc;
    ///
    /// let (submitted, mut receive) = mpsc::unbounded_channel();
    /// submitted.send("asyntask_1".parse()?)?;
    /// drop(submitted); // or keep it, and send each id as its submit call returns
    /// let ids = stream::poll_fn(move |context| receive.poll_recv(context));
    /// let stop = std::future::pending();
    /// let summary = Fetch::new(&client, "videos").run_with_ids(ids, |_| {}, stop).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn run_with_ids(
        self,
        ids: impl Stream<Item = TaskId>,
        on_event: impl FnMut(FetchEvent),
        stop: impl Future<Output = ()>,
    ) -> Result<FetchSummary, FetchError> {
        self.run_in_directory(true, ids, on_event, stop).await
    }

    async fn run_in_directory(
        self,
        expects_ids: bool,
        ids: impl Stream<Item = TaskId>,
        on_event: impl FnMut(FetchEvent),
        stop: impl Future<Output = ()>,
    ) -> Result<FetchSummary, FetchError> {
        let store = VideoStore::open_if_any(self.0.store.as_ref()).await?;
        let fetch = Arc::new(self.0);
        let options = Arc::clone(&fetch);
        let ledger = blocking(move || open_ledger(&options, expects_ids)).await?;
        Run::new(fetch, ledger, store)
            .run(ids, on_event, stop)
            .await
    }
}
