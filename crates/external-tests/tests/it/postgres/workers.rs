//! Workers of a fleet as processes of the program.

use std::{
    collections::{BTreeMap, HashMap},
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use seedance_external_tests::{PASSWORD, seedance_query};
use seedance_mock::{Gateway, Video};
use seedance_query::TaskId;
use serde_json::Value;
use tempfile::TempDir;

use crate::stores::{Bucket, SECRET};

/// Workers with one directory for the videos, and all that they have printed.
pub struct Workers {
    directory: TempDir,
    logs: TempDir,
    url: String,
    base_url: String,
    api_key: String,
    /// Where videos go from the directory, if they do.
    bucket: Option<String>,
    environment: Vec<(&'static str, String)>,
    started: usize,
}

impl Workers {
    pub fn new(gateway: &Gateway, url: &str) -> Self {
        Self {
            directory: TempDir::new().unwrap(),
            logs: TempDir::new().unwrap(),
            // The password is not among the arguments, which others can see.
            url: url.replace(&format!(":{PASSWORD}"), ""),
            base_url: gateway.base_url().to_owned(),
            api_key: gateway.api_key().to_owned(),
            bucket: None,
            environment: Vec::new(),
            started: 0,
        }
    }

    /// The videos go to a bucket from there.
    pub fn into_bucket(self, bucket: &Bucket) -> Self {
        Self {
            bucket: Some(bucket.url()),
            environment: bucket.environment(),
            ..self
        }
    }

    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// How many have been started.
    pub fn started(&self) -> usize {
        self.started
    }

    /// The program with the settings of all workers.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(seedance_query());
        command
            .args(arguments)
            .env("SEEDANCE_BASE_URL", &self.base_url)
            .env("SEEDANCE_API_KEY", &self.api_key)
            .env("PGPASSWORD", PASSWORD)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// Starts a worker with more tasks.
    pub fn start(&mut self, arguments: &[&str], ids: &[TaskId]) -> Child {
        self.start_with(arguments, ids, &[])
    }

    /// Starts a worker with more variables in its environment.
    pub fn start_with(
        &mut self,
        arguments: &[&str],
        ids: &[TaskId],
        environment: &[(&str, &str)],
    ) -> Child {
        let log = |kind| {
            let path = self.logs.path().join(format!("{}.{kind}", self.started));
            File::create(path).unwrap()
        };
        let (out, err) = (log("out"), log("err"));
        let list = self.logs.path().join(format!("{}.ids", self.started));
        let lines = ids.iter().map(|id| format!("{id}\n"));
        fs::write(&list, lines.collect::<String>()).unwrap();
        let mut command = self.command(&["fetch", "--json", "--ledger", &self.url]);
        let unless_given = |option: &'static str, value: &'static str| {
            let is_given = arguments.contains(&option);
            (!is_given).then_some([option, value]).into_iter().flatten()
        };
        command
            .args(["--interval", "0.1s"])
            .args(match &self.bucket {
                Some(bucket) => vec!["--into", bucket, "--scratch"],
                None => vec!["--into"],
            })
            .arg(self.directory())
            .args(arguments)
            .args(unless_given("--rate", "1000"))
            .args(unless_given("--lease", "2s"))
            .envs(environment.iter().copied())
            .stdout(out)
            .stderr(err);
        if !ids.is_empty() {
            command.arg("--from").arg(list);
        }
        self.started += 1;
        command.spawn().unwrap()
    }

    /// What all workers have printed. A line that a kill has cut off is left out.
    pub fn events(&self) -> Vec<Value> {
        (0..self.started)
            .flat_map(|worker| self.events_of(worker))
            .collect()
    }

    /// The same of one worker, by the order in which they were started.
    pub fn events_of(&self, worker: usize) -> Vec<Value> {
        let text = self.printed_by(worker, "out");
        let lines = text.lines().map(serde_json::from_str);
        lines.filter_map(Result::ok).collect()
    }

    /// What they complained about.
    pub fn complaints(&self) -> String {
        self.printed("err")
    }

    fn printed(&self, kind: &str) -> String {
        (0..self.started)
            .map(|worker| self.printed_by(worker, kind))
            .collect()
    }

    fn printed_by(&self, worker: usize, kind: &str) -> String {
        let log: PathBuf = self.logs.path().join(format!("{worker}.{kind}"));
        let text = String::from_utf8_lossy(&fs::read(log).unwrap()).into_owned();
        for secret in [PASSWORD, SECRET] {
            assert!(!text.contains(secret), "a secret is printed: {text}");
        }
        text
    }

    /// Each task's video is there, byte for byte, and nothing half done is.
    pub fn all_arrived(&self, gateway: &Gateway, ids: &[TaskId]) {
        for id in ids {
            let video = fs::read(self.directory().join(format!("{id}.mp4"))).unwrap();
            assert_eq!(sha256(&video), gateway.sha256(id, Video::Result), "{id}");
        }
        let names = fs::read_dir(self.directory()).unwrap();
        let names = names.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let odd: Vec<String> = names
            .filter(|name| name.contains(".part") || name.ends_with(".sqlite3"))
            .collect();
        assert!(odd.is_empty(), "{odd:?}");
    }

    /// How often each video arrived by a download, as the workers tell.
    pub fn arrivals(&self) -> HashMap<String, usize> {
        let mut arrivals = HashMap::new();
        for event in self.events() {
            if event["event"] == "arrived" && event["was_there"] == false {
                let id = event["task_id"].as_str().unwrap().to_owned();
                *arrivals.entry(id).or_default() += 1;
            }
        }
        arrivals
    }
}

/// How many transfers of each video came to its end.
pub fn finished_transfers(gateway: &Gateway) -> BTreeMap<String, usize> {
    let mut finished = BTreeMap::new();
    for request in gateway.requests() {
        let is_video = request.origin == seedance_mock::Origin::Storage;
        if is_video && request.is_complete && matches!(request.status, Some(200 | 206)) {
            *finished.entry(request.path).or_default() += 1;
        }
    }
    finished
}

fn sha256(bytes: &[u8]) -> String {
    use seedance_query::model::hash::{hash, hex};
    let (_, hasher) = hash(bytes).unwrap();
    hex(&sha2::Digest::finalize(hasher))
}
