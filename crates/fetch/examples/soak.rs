//! A batch that is killed again and again while a large part of all requests fails.
//!
//! ```text
//! cargo run -p seedance-fetch --example soak -- [TASKS [KILLS [FAILURE_RATE]]]
//! ```
//!
//! By default 2,000 tasks, 50 kills (SIGKILL on Unix) and a failure rate of 0.3. Beside the random
//! failures, every tenth task has a fault of its own, of each kind in turn. Prints how many videos
//! were lost, and how many files are not what the gateway served; exits with 1 if there is any.

use std::{
    env,
    error::Error,
    fs,
    path::Path,
    process::{Child, Command, ExitCode, Stdio},
    time::{Duration, Instant},
};

use seedance_fetch::{Fetch, FetchState, FetchSummary};
use seedance_mock::{Fault, Gateway, Scenario, Video, task_id};
use seedance_query::{
    client::Client,
    model::{
        TaskId,
        hash::{hash, hex},
    },
    poll::{ErrorPolicy, WaitPolicy},
};

/// What one run of the batch is started with, and what this program is told by.
const CHILD: &str = "--child";
/// Maximum number of runs after the last kill.
const MAX_RUNS: u32 = 40;
const VIDEO_BYTES: u64 = 100_000;

/// Faults that leave no video to be had.
const WITHOUT_VIDEO: &[&str] = &[
    "failure-text-in-result-url",
    "failure-without-reason",
    "start-time-zero",
    "status-cancelled",
    "upstream-expired",
    "task-not-exist",
    "no-url",
    "url-always-expired",
    "url-always-refused",
    "wrong-length",
    "not-a-video",
    "video-text-xml",
    "redirect-loop",
    "too-large",
];

/// Faults whose outcome is open: a video, or a task that another run goes on with.
const OPEN: &[&str] = &["unauthorized", "withheld", "data-null"];

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == CHILD) {
        return child(&arguments[1..]).await;
    }
    let count = |at: usize, default: u32| {
        let given = arguments.get(at);
        given.map_or(Ok(default), |text| text.parse())
    };
    let rate = arguments.get(2).map_or(Ok(0.3), |text| text.parse())?;
    soak(count(0, 2000)?, count(1, 50)?, rate).await
}

/// One run: URL, key and directory are given, ids on the first run only.
async fn child(arguments: &[String]) -> Result<ExitCode, Box<dyn Error>> {
    let [base_url, key, directory, ids @ ..] = arguments else {
        return Err("expected URL, key and directory".into());
    };
    let client = Client::builder()
        .base_url(base_url)
        .api_key(key.as_str())
        .requests_per_second(1000.try_into()?)
        .build()?;
    let errors = ErrorPolicy::default()
        .max_consecutive_errors(30)
        .backoff(Duration::from_millis(20), Duration::from_millis(300))
        .unknown_task_grace(Duration::from_millis(500));
    let policy = WaitPolicy::default()
        .interval(Duration::from_millis(300))
        .timeout(Duration::from_secs(20))
        .errors(errors);
    let ids = ids.iter().map(|id| id.parse());
    let summary = Fetch::new(&client, directory)
        .tasks(ids.collect::<Result<Vec<TaskId>, _>>()?)
        .policy(policy)
        .downloads(16.try_into()?)
        .max_bytes(10 * VIDEO_BYTES)
        .run(|_| {}, std::future::pending())
        .await?;
    Ok(ExitCode::from(left(&summary)))
}

/// Whether another run is needed, as an exit status.
fn left(summary: &FetchSummary) -> u8 {
    if summary.is_unauthorized || summary.count(FetchState::Left) > 0 {
        3
    } else {
        0
    }
}

fn start(gateway: &Gateway, directory: &Path, ids: &[TaskId]) -> std::io::Result<Child> {
    Command::new(env::current_exe()?)
        .args([CHILD, gateway.base_url(), gateway.api_key()])
        .arg(directory)
        .args(ids.iter().map(TaskId::as_str))
        .stdin(Stdio::null())
        .spawn()
}

async fn soak(tasks: u32, kills: u32, rate: f64) -> Result<ExitCode, Box<dyn Error>> {
    let began = Instant::now();
    let gateway = Gateway::builder()
        .speed(200.0)
        .failure_rate(rate, 11)
        .retry_after(Duration::ZERO)
        .video_bytes(VIDEO_BYTES)
        .start()
        .await?;
    let directory = env::temp_dir().join(format!("seedance-soak-{}", std::process::id()));
    let scenarios: Vec<Scenario> = (0..tasks).map(scenario).collect();
    let ids: Vec<TaskId> = scenarios
        .iter()
        .zip(1..)
        .map(|(scenario, number)| task_id(*scenario, number))
        .collect();
    for at in 0..kills {
        let mut child = start(&gateway, &directory, &ids)?;
        let pause = 300 + u64::from(at) * 7919 % 1700;
        tokio::time::sleep(Duration::from_millis(pause)).await;
        child.kill()?;
        child.wait()?;
    }
    let mut runs = 0;
    loop {
        runs += 1;
        let mut child = start(&gateway, &directory, &ids)?;
        let status = tokio::task::spawn_blocking(move || child.wait()).await??;
        if status.success() || runs == MAX_RUNS {
            break;
        }
    }
    let count = compare(&gateway, &directory, &ids, &scenarios)?;
    let requests = gateway.requests();
    let failed = requests
        .iter()
        .filter(|request| !request.is_complete || !matches!(request.status, Some(200 | 206)))
        .count();
    println!(
        "{tasks} tasks, {kills} kills, {runs} runs after them, {} s\n\
         {} requests, {failed} of them failed ({} %)\n\
         {} videos arrived, {} tasks without a video, {} open\n\
         lost: {}\nwrong: {}",
        began.elapsed().as_secs(),
        requests.len(),
        100 * failed / requests.len().max(1),
        count.arrived,
        count.without,
        count.open,
        count.lost.len(),
        count.wrong.len(),
    );
    for id in count.lost.iter().chain(&count.wrong) {
        println!("  {id}");
    }
    if count.lost.is_empty() && count.wrong.is_empty() {
        fs::remove_dir_all(&directory)?;
        return Ok(ExitCode::SUCCESS);
    }
    println!("the directory is kept: {}", directory.display());
    Ok(ExitCode::FAILURE)
}

/// Every tenth task has a fault of its own; of the others some are enhanced and some fail.
fn scenario(number: u32) -> Scenario {
    let at = number as usize;
    match number % 10 {
        0 => Scenario::Fault(Fault::ALL[at / 10 % Fault::ALL.len()]),
        3 => Scenario::SuperResolution,
        7 if number % 20 == 7 => Scenario::Failure,
        _ => Scenario::Normal,
    }
}

#[derive(Default)]
struct Count {
    arrived: u32,
    without: u32,
    open: u32,
    lost: Vec<String>,
    wrong: Vec<String>,
}

/// Compares what is there with what the gateway serves.
fn compare(
    gateway: &Gateway,
    directory: &Path,
    ids: &[TaskId],
    scenarios: &[Scenario],
) -> std::io::Result<Count> {
    let mut count = Count::default();
    for (id, scenario) in ids.iter().zip(scenarios) {
        let path = directory.join(format!("{id}.mp4"));
        let name = scenario.name();
        let has_none = *scenario == Scenario::Failure || WITHOUT_VIDEO.contains(&name);
        if path.exists() {
            let (_, hasher) = hash(fs::File::open(&path)?)?;
            let sha256 = hex(&sha2::Digest::finalize(hasher));
            if sha256 == gateway.sha256(id, Video::Result) {
                count.arrived += 1;
            } else {
                count.wrong.push(format!("{id} ({name})"));
            }
        } else if has_none {
            count.without += 1;
        } else if OPEN.contains(&name) {
            count.open += 1;
        } else {
            count.lost.push(format!("{id} ({name})"));
        }
    }
    Ok(count)
}
