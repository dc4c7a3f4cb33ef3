//! What checking recorded traffic costs: 100,000 bodies as lines and as an HTTP archive, in processes
//! of their own, against other tools on the same bodies in the same run.
//!
//! `SEEDANCE_PEER_MSGSPEC` names a script for `python3` that decodes a file of lines into `msgspec`
//! types; `redocly` is asked if it is on the `PATH`. Without them only the own figures are printed.

use std::{
    env,
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use seedance_testing::{bench::median, files::captured_body};
use serde_json::{Value, json};

const BODIES: usize = 100_000;
const ROUNDS: usize = 11;

/// Bodies of all shapes, as short as a gateway sends them, each of a task of its own.
fn templates() -> Vec<String> {
    let names = [
        "pending-in-progress.http",
        "normal-720p.http",
        "super-resolution-720p.http",
        "failure-content-policy.http",
    ];
    let signature = format!("X-Tos-Signature={}", "0123456789abcdef".repeat(4));
    names
        .iter()
        .map(|name| {
            let value: Value = serde_json::from_slice(&captured_body(name)).expect("JSON");
            let id = value["data"]["task_id"].as_str().expect("an id").to_owned();
            let text = value.to_string();
            text.replace("X-Tos-Signature=REDACTED", &signature)
                .replace(&id, "asyntask_@")
        })
        .collect()
}

/// The bodies, every tenth with a fault if there are to be some.
fn bodies(with_faults: bool) -> impl Iterator<Item = String> {
    let templates = templates();
    (0..BODIES).map(move |index| {
        let body = templates[index % templates.len()].replace('@', &format!("{index:032}"));
        if with_faults && index % 10 == 7 {
            body.replace("\"submit_time\":", "\"trace\":1,\"submit_time\":")
        } else {
            body
        }
    })
}

fn write(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) {
    let mut file = BufWriter::new(File::create(path).expect("a file"));
    write(&mut file)
        .and_then(|()| file.flush())
        .expect("a corpus");
}

fn archive(out: &mut BufWriter<File>) -> io::Result<()> {
    out.write_all(
        br#"{"log":{"version":"1.2","creator":{"name":"bench","version":"1"},"entries":["#,
    )?;
    for (index, body) in bodies(false).enumerate() {
        let headers = json!([
            { "name": "content-type", "value": "application/json" },
            { "name": "server", "value": "nginx" },
        ]);
        let entry = json!({
            "startedDateTime": "2026-04-27T11:20:00.000Z",
            "time": 12.5,
            "request": {
                "method": "GET",
                "url": format!("https://gateway.example/v1/video/generations/asyntask_{index:032}"),
                "httpVersion": "HTTP/2", "cookies": [], "headers": headers, "queryString": [],
                "headersSize": 180, "bodySize": 0,
            },
            "response": {
                "status": 200, "statusText": "", "httpVersion": "HTTP/2", "cookies": [],
                "headers": headers,
                "content": { "size": body.len(), "mimeType": "application/json", "text": body },
                "redirectURL": "", "headersSize": 160, "bodySize": body.len(),
            },
            "cache": {},
            "timings": { "send": 0.1, "wait": 12, "receive": 0.4 },
        });
        write!(out, "{}{entry}", if index == 0 { "" } else { "," })?;
    }
    out.write_all(b"]}}")
}

/// The time of a command, which has to succeed.
fn run(command: &mut Command) -> Duration {
    let started = Instant::now();
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    let took = started.elapsed();
    assert!(status.expect("a program").success(), "{command:?} failed");
    took
}

fn check(path: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_seedance-query"));
    command
        .args(["validate", "--summary", "--fail-on", "never"])
        .arg(path);
    command
}

/// The most memory that a command had at a time in MiB, as a shell's child would be told.
fn peak(path: &Path) -> f64 {
    let out = Command::new(env::current_exe().expect("this program"))
        .arg("child")
        .arg(path)
        .output()
        .expect("a child");
    let text = String::from_utf8(out.stdout).expect("text");
    text.trim().parse().expect("a number")
}

/// Runs the command and waits for it while its own highest mark is read.
fn child(path: &str) {
    let mut command = check(Path::new(path));
    let mut child = command.stdout(Stdio::null()).spawn().expect("a child");
    let status = format!("/proc/{}/status", child.id());
    let mut highest = 0.0_f64;
    while child.try_wait().expect("a child").is_none() {
        if let Ok(text) = fs::read_to_string(&status) {
            let line = text.lines().find(|line| line.starts_with("VmHWM"));
            let digits: String = line
                .unwrap_or_default()
                .chars()
                .filter(char::is_ascii_digit)
                .collect();
            highest = highest.max(digits.parse::<f64>().unwrap_or_default() / 1024.0);
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    println!("{highest}");
}

fn main() {
    if let Some(arguments) = seedance_testing::bench::child_arguments() {
        return child(&arguments[1]);
    }
    let directory = tempfile::tempdir().expect("a directory");
    let lines = directory.path().join("valid.ndjson");
    let faulty = directory.path().join("faulty.ndjson");
    let har = directory.path().join("traffic.har");
    for (path, with_faults) in [(&lines, false), (&faulty, true)] {
        write(path, |out| {
            bodies(with_faults).try_for_each(|body| writeln!(out, "{body}"))
        });
    }
    write(&har, archive);
    let script = env::var_os("SEEDANCE_PEER_MSGSPEC");
    let peer = || {
        script.as_ref().map(|script| {
            let mut command = Command::new("python3");
            command.arg(script).arg(&lines);
            command
        })
    };
    let mut times = [const { Vec::new() }; 4];
    for _ in 0..ROUNDS {
        times[0].push(run(&mut check(&lines)));
        times[1].push(run(&mut check(&faulty)));
        times[2].push(run(&mut check(&har)));
        times[3].extend(peer().as_mut().map(run));
    }
    for ((name, path), times) in [
        ("lines", &lines),
        ("lines, a tenth faulty", &faulty),
        ("archive", &har),
    ]
    .iter()
    .zip(&mut times)
    {
        #[expect(clippy::cast_precision_loss, reason = "no file here has 2^52 bytes")]
        let size = fs::metadata(path).expect("a file").len() as f64;
        let took = median(times);
        let fastest = times[0].as_secs_f64();
        println!(
            "{name:<22} {:6.1} MB in {took:.3} s: {:4.0} MB/s (fastest {:4.0}), at most {:.1} MiB of memory",
            size / 1e6,
            size / 1e6 / took,
            size / 1e6 / fastest,
            peak(path)
        );
    }
    let [own, _, _, peers] = &mut times;
    if peers.is_empty() {
        println!("set SEEDANCE_PEER_MSGSPEC to compare with a script that uses msgspec");
    } else {
        let (own, peer) = (median(own), median(peers));
        println!(
            "msgspec {peer:.3} s: the check takes {:.2} of it",
            own / peer
        );
    }
    redocly(directory.path(), median(&mut times[0]));
}

/// The same bodies through `redocly drift`, if it is installed.
fn redocly(directory: &Path, own: f64) {
    let is_there = Command::new("redocly").arg("--version").output().is_ok();
    if !is_there {
        println!("redocly is not on the PATH, so it is not compared");
        return;
    }
    let exchanges = directory.join("drift.ndjson");
    write(&exchanges, |out| {
        bodies(false).enumerate().try_for_each(|(index, body)| {
            let exchange = json!({
                "startedAt": "2026-04-27T11:20:00.000Z",
                "request": {
                    "method": "GET",
                    "url": format!("https://www.anyfast.ai/v1/video/generations/asyntask_{index:032}"),
                    "headers": {},
                },
                "response": {
                    "status": 200,
                    "headers": { "Content-Type": "application/json" },
                    "body": body,
                },
            });
            writeln!(out, "{exchange}")
        })
    });
    let started = Instant::now();
    let _ = Command::new("redocly")
        .arg("drift")
        .arg(&exchanges)
        .args(["--api", "openapi/seedance-task-query.yaml"])
        .env("REDOCLY_TELEMETRY", "off")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let took = started.elapsed().as_secs_f64();
    println!(
        "redocly drift {took:.2} s: the check takes {:.3} of it",
        own / took
    );
}
