//! What the servers of a gateway share.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use http::{HeaderMap, HeaderName, header};
use secrecy::{ExposeSecret, SecretString};

use super::{
    asked::Asked,
    clock::{Clock, date},
    family::Family,
    fault::{Base, Fault},
    hooks::Hooks,
    request_log::RequestLog,
    scenario::{Scenario, task_id as named_id},
    sign::Signer,
    task::{Submission, Task},
    video::{File, Video},
    window::Window,
};
use seedance_query::model::{TaskId, operation};

/// Where the storage keeps what the upstream made,
pub(super) const GENERATED: &str = "seedance-2-0";
/// and where the enhanced videos.
pub(super) const ENHANCED: &str = "enhanced";
/// The length of a video that is too large.
const TOO_LARGE: u64 = 1 << 40;
/// How many videos a client can request at the content addresses in a minute.
const MAX_CONTENTS: usize = 10;
/// What submissions are counted under.
const SUBMITTED: &str = "submitted";
/// The number of requests that a URL allows for, if nobody says another.
const BUDGET: u32 = 3;

/// The header with the gateway's id of a request.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-oneapi-request-id");

/// The header with the version of the new-api family.
pub(super) const VERSION: HeaderName = HeaderName::from_static("x-new-api-version");

/// How a gateway behaves.
pub(super) struct Settings {
    pub(super) key: SecretString,
    pub(super) video_bytes: u64,
    pub(super) url_valid_for: Duration,
    pub(super) request_budget: Option<u32>,
    pub(super) bytes_per_second: Option<u64>,
    pub(super) retry_after: u64,
    pub(super) failure_rate: f64,
    pub(super) faults: Vec<Fault>,
    /// Whether the storage is at the port of the API.
    pub(super) one_port: bool,
    /// By which clients reach the API, without a slash at the end.
    pub(super) public_url: Option<String>,
    /// Whether ids look like a gateway's.
    pub(super) opaque_ids: bool,
    pub(super) family: Family,
    /// Whether answers hide the upstream, where the family can do so.
    pub(super) white_label: bool,
    /// What a program adds.
    pub(super) hooks: Hooks,
}

/// The URLs of the three servers, without a slash at the end.
pub(super) struct Addresses {
    pub(super) gateway: String,
    pub(super) storage: String,
    pub(super) elsewhere: String,
}

pub(super) struct GatewayState {
    pub(super) settings: Settings,
    pub(super) addresses: Addresses,
    pub(super) clock: Arc<Clock>,
    pub(super) started: i64,
    pub(super) signer: Signer,
    pub(super) log: RequestLog,
    content_window: Window,
    tasks: Mutex<HashMap<TaskId, Task>>,
    counts: Mutex<HashMap<String, u32>>,
    random: Mutex<fastrand::Rng>,
}

impl GatewayState {
    pub(super) fn new(
        settings: Settings,
        addresses: Addresses,
        clock: Clock,
        seed: u64,
        log: RequestLog,
    ) -> Self {
        Self {
            settings,
            addresses,
            started: clock.wall(),
            clock: Arc::new(clock),
            signer: Signer::new(),
            log,
            content_window: Window::new(MAX_CONTENTS, Duration::from_mins(1)),
            tasks: Mutex::default(),
            counts: Mutex::default(),
            random: Mutex::new(fastrand::Rng::with_seed(seed)),
        }
    }

    pub(super) fn has_right_key(&self, headers: &HeaderMap) -> bool {
        let credentials = headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok()?.split_once(' '));
        credentials.is_some_and(|(scheme, key)| {
            scheme.eq_ignore_ascii_case("bearer") && key.trim() == self.settings.key.expose_secret()
        })
    }

    /// An id of a request, such as a gateway gives: the time and something random.
    pub(super) fn request_id(&self) -> String {
        let now = date(self.clock.wall()).strftime("%Y%m%d%H%M%S");
        let (nanoseconds, node) = (fastrand::u32(..1_000_000_000), "268d9d6");
        format!("{now}{nanoseconds:09}8{node}{}", alphanumeric(8))
    }

    /// Takes a new task in, and gives its id and how many were submitted by then.
    pub(super) fn begin(
        &self,
        scenario: Scenario,
        asked: Asked,
        submission: Submission,
    ) -> (TaskId, u32) {
        let count = self.count(SUBMITTED) + 1;
        let named = named_id(scenario, count);
        let prefix = match self.settings.family {
            Family::Documented => "asyntask",
            Family::NewApi => "task",
        };
        let opaque = format!("{prefix}_{}", alphanumeric(32));
        let id = match opaque.parse() {
            Ok(id) if self.settings.opaque_ids => id,
            _ => named,
        };
        let (now, wall) = (self.clock.elapsed(), self.clock.wall());
        let mut tasks = lock(&self.tasks);
        let number = tasks.len() + 1;
        tasks.entry(id.clone()).or_insert_with(|| {
            let mut task = Task::new(id.clone(), scenario, now, wall);
            (task.number, task.asked) = (number, asked);
            task.submission = Some(submission);
            task
        });
        (id, count)
    }

    /// What a task does: as it was asked for, or as its id says.
    fn scenario(&self, id: &TaskId) -> Option<Scenario> {
        let submitted = lock(&self.tasks).get(id).map(Task::scenario);
        submitted.or_else(|| Scenario::of(id))
    }

    /// Works on a task; it is born if it was not known before. `None` if there is no such task.
    pub(super) fn with_task<T>(&self, id: &TaskId, work: impl FnOnce(&mut Task) -> T) -> Option<T> {
        let scenario = self.scenario(id)?;
        let mut tasks = lock(&self.tasks);
        let number = tasks.len() + 1;
        let task = tasks.entry(id.clone()).or_insert_with(|| {
            let (now, wall) = (self.clock.elapsed(), self.clock.wall());
            let mut task = Task::new(id.clone(), scenario, now, wall);
            task.number = number;
            task
        });
        Some(work(task))
    }

    /// Works on each task.
    pub(super) fn each_task<T>(&self, work: impl FnMut(&mut Task) -> T) -> Vec<T> {
        lock(&self.tasks).values_mut().map(work).collect()
    }

    /// Whether a client may ask for one more video at a content address.
    pub(super) fn is_admitted(&self, client: IpAddr) -> bool {
        self.content_window.admits(client, self.clock.elapsed())
    }

    /// Counts one more use of something, and tells how many came before.
    pub(super) fn count(&self, what: &str) -> u32 {
        let mut counts = lock(&self.counts);
        let count = counts.entry(what.to_owned()).or_default();
        *count += 1;
        *count - 1
    }

    /// Now and then a number below the bound, at the rate of failures that is wanted.
    pub(super) fn failure(&self, bound: usize) -> Option<usize> {
        let mut random = lock(&self.random);
        (random.f64() < self.settings.failure_rate).then(|| random.usize(..bound))
    }

    /// The faults of a task: its own and everyone's.
    pub(super) fn faults(&self, id: &TaskId) -> Vec<Fault> {
        let mut faults = self.settings.faults.clone();
        let own = self.scenario(id).and_then(Scenario::fault);
        faults.extend(own.filter(|own| !self.settings.faults.contains(own)));
        faults
    }

    /// How many requests the URLs of a task with these faults allow for.
    pub(super) fn budget(&self, faults: &[Fault]) -> Option<u32> {
        let by_fault = faults.contains(&Fault::RequestBudget).then_some(BUDGET);
        self.settings.request_budget.or(by_fault)
    }

    /// The path of a task's video in the storage.
    pub(super) fn path(id: &TaskId, base: Base, video: Video) -> String {
        let is_enhanced = video == Video::Result && base == Base::SuperResolution;
        let folder = if is_enhanced { ENHANCED } else { GENERATED };
        format!("/{folder}/{id}.mp4")
    }

    /// The path of a video of a task that may be unknown.
    pub(super) fn video_path(&self, id: &TaskId, video: Video) -> String {
        let base = self.scenario(id).map_or(Base::Normal, Scenario::base);
        Self::path(id, base, video)
    }

    /// Whether a path is one of the storage.
    pub(super) fn is_stored(path: &str) -> bool {
        let folder = path.strip_prefix('/').and_then(|path| path.split_once('/'));
        folder.is_some_and(|(folder, _)| matches!(folder, GENERATED | ENHANCED))
    }

    /// The file at a path. The first version is what is there before it changes, if it does.
    pub(super) fn file(&self, path: &str, faults: &[Fault], is_first: bool) -> File {
        let changed = faults.contains(&Fault::ChangedMidway) && !is_first;
        let length = if faults.contains(&Fault::TooLarge) {
            TOO_LARGE
        } else {
            self.settings.video_bytes
        };
        File::new(path, u32::from(changed), length)
    }
}

/// The task that a path is about: the segment that looks like one.
pub(super) fn task_id(path: &str) -> Option<TaskId> {
    if let Some(id) = operation::operations().find_map(|operation| operation.id_in(path)) {
        return Some(id);
    }
    let (directory, file) = path.strip_prefix('/')?.split_once('/')?;
    let file = matches!(directory, GENERATED | ENHANCED).then_some(file)?;
    let id = file.strip_suffix(".mp4").filter(|id| !id.contains('/'))?;
    percent_decoded(id)?.parse().ok()
}

/// Random letters and digits.
fn alphanumeric(length: usize) -> String {
    std::iter::repeat_with(fastrand::alphanumeric)
        .take(length)
        .collect()
}

fn percent_decoded(text: &str) -> Option<String> {
    // A plus sign is a space in forms only.
    let text = text
        .replace('+', "%2B")
        .replace('&', "%26")
        .replace('=', "%3D");
    let (name, _) = url::form_urlencoded::parse(text.as_bytes()).next()?;
    Some(name.into_owned())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
