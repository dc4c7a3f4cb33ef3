//! What the tests share.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use seedance_fetch::{Beginning, Claim, Claimed, Ledger, Placing, TaskRow, TaskState, VideoKind};
use seedance_query::TaskId;
use tokio::time::{Instant, sleep};

/// How long a lease may take to end.
const PATIENCE: Duration = Duration::from_secs(20);

pub fn ids(names: &[&str]) -> Vec<TaskId> {
    names.iter().map(|name| name.parse().unwrap()).collect()
}

/// Begins a run with these tasks.
pub(crate) async fn begin(ledger: &impl Ledger, names: &[&str]) {
    let beginning = Beginning {
        ids: ids(names),
        ..Beginning::default()
    };
    ledger.begin(beginning).await.unwrap();
    ledger.backlog().await.unwrap();
}

/// Claims until there are this many tasks: those of a killed worker come when its lease ends.
pub async fn claimed(ledger: &impl Ledger, count: usize) -> Vec<Claimed> {
    let until = Instant::now() + PATIENCE;
    let mut tasks = Vec::new();
    while tasks.len() < count {
        assert!(Instant::now() < until, "only {tasks:?} are claimed");
        let room = count - tasks.len();
        let claims = ledger.claim(room).await.unwrap();
        if claims.tasks.is_empty() {
            sleep(Duration::from_millis(20)).await;
        }
        tasks.extend(claims.tasks);
    }
    tasks
}

/// Claims one task.
pub(crate) async fn claim(ledger: &impl Ledger) -> Claim {
    claimed(ledger, 1).await.remove(0).claim
}

/// That nothing can be claimed now.
pub(crate) async fn nothing_is_due(ledger: &impl Ledger) {
    let claims = ledger.claim(10).await.unwrap();
    assert!(claims.tasks.is_empty(), "{claims:?}");
}

/// Notes a problem, with which nothing more is done for the task in this run.
pub(crate) async fn stopped_by(ledger: &impl Ledger, claim: &Claim, problem: &str) {
    let noted = ledger.has_problem(claim, problem.to_owned());
    noted.await.unwrap();
    ledger.release(claim).await.unwrap();
    nothing_is_due(ledger).await;
    let task = ledger.rows().await.unwrap().tasks.remove(0);
    assert_eq!(task.problem.as_deref(), Some(problem));
}

pub(crate) fn names(tasks: &[Claimed]) -> Vec<&str> {
    let names = tasks.iter().map(|task| task.claim.task_id.as_str());
    names.collect()
}

pub(crate) fn ended(claim: &Claim, state: TaskState) -> TaskRow {
    TaskRow {
        task_id: claim.task_id.clone(),
        state,
        shape: Some("normal".to_owned()),
        billed_tokens: Some(108_900),
        reason: None,
        problem: None,
        request_id: None,
    }
}

/// Notes that a task has a video, whose URL holds until a second of the year 2026 or later.
pub async fn succeeded(ledger: &impl Ledger, claim: &Claim, expires_at: Option<u64>) {
    let at = |second| UNIX_EPOCH + Duration::from_secs(1_800_000_000 + second);
    let videos: Vec<(VideoKind, Option<SystemTime>)> =
        vec![(VideoKind::Result, expires_at.map(at))];
    let row = ended(claim, TaskState::Succeeded);
    ledger.ended(claim, row, videos).await.unwrap();
}

pub(crate) fn file(claim: &Claim) -> Placing {
    Placing {
        file: format!("{}.mp4", claim.task_id),
        bytes: 7,
        sha256: "ab".repeat(32),
        verification: Some("container".to_owned()),
    }
}

/// Notes that a video has arrived.
pub(crate) async fn arrives(ledger: &impl Ledger, claim: &Claim, kind: VideoKind) {
    ledger.placing(claim, kind, file(claim)).await.unwrap();
    ledger.placed(claim, kind, true).await.unwrap();
}
