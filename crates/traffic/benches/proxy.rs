//! The cost of the proxy: added latency per request, and maximum throughput.
//!
//! Upstream, proxy and load generator are separate processes. Direct and proxied requests alternate
//! in rounds, so that a busy machine slows both. Latency is measured at a fixed rate of 1,000
//! requests per second; throughput with 8 connections that each send one request after the other.
//! Every response is validated, and recorded where stated. A process that only copies bytes from one
//! connection to the other is the lower bound on the same machine.

use std::{
    env,
    io::{self, Read, Write},
    net::{TcpListener, TcpStream},
    process::Command,
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

use seedance_query::capture::Recorder;
use seedance_testing::{
    bench::{ServerProcess, child_arguments, serve},
    files::captured_body,
};
use seedance_traffic::proxy::Proxy;
use tokio::time::{MissedTickBehavior, interval};

const PATH: &str = "/v1/video/generations/asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F";
const ROUNDS: usize = 9;
const RATE: u32 = 1000;
const CONNECTIONS: usize = 8;

fn main() {
    let child = child_arguments().unwrap_or_default();
    let words: Vec<&str> = child.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["serve", "upstream"] => upstream(),
        ["serve", "copier", upstream] => copier(upstream),
        ["serve", "proxy", url] => one_thread().block_on(proxy(url, None)),
        ["serve", "proxy", url, directory] => one_thread().block_on(proxy(url, Some(directory))),
        ["child", "steady", url] => one_thread().block_on(steady(url)),
        ["child", "busy", url] => one_thread().block_on(busy(url)),
        _ => measure(),
    }
}

fn one_thread() -> tokio::runtime::Runtime {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime")
}

/// Only writes, so that every microsecond of the proxy shows.
fn upstream() {
    let answer = answer();
    serve(move |stream, _| stream.write_all(&answer));
}

fn answer() -> Vec<u8> {
    let body = captured_body("normal-720p.http");
    let head = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), &body].concat()
}

/// The minimum between two connections: it copies bytes, one exchange at a time, assumes responses
/// of one length, and validates nothing.
fn copier(upstream: &str) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    println!("{}", listener.local_addr().expect("an address"));
    let length = answer().len();
    for client in listener.incoming().flatten() {
        let upstream = TcpStream::connect(upstream).expect("the upstream");
        thread::spawn(move || copy(client, upstream, length));
    }
}

fn copy(mut client: TcpStream, mut upstream: TcpStream, length: usize) -> io::Result<()> {
    client.set_nodelay(true)?;
    upstream.set_nodelay(true)?;
    let (mut head, mut answer) = ([0; 4096], vec![0; length]);
    loop {
        match client.read(&mut head)? {
            0 => return Ok(()),
            read => upstream.write_all(&head[..read])?,
        }
        upstream.read_exact(&mut answer)?;
        client.write_all(&answer)?;
    }
}

async fn proxy(url: &str, directory: Option<&str>) {
    let mut builder = Proxy::builder().upstream(url);
    if let Some(directory) = directory {
        builder = builder.record(Recorder::new(directory).expect("a directory"));
    }
    let proxy = builder.start().await.expect("a proxy");
    println!("{}", proxy.local_addr());
    std::future::pending::<()>().await;
}

async fn get(client: &reqwest::Client, url: &str) -> Duration {
    let began = Instant::now();
    let response = client.get(url).bearer_auth("sk-bench-0123456789").send();
    let body = response.await.expect("a response").bytes();
    assert!(!body.await.expect("a body").is_empty());
    began.elapsed()
}

/// Prints the latencies of two seconds of requests, in microseconds.
async fn steady(url: &str) {
    let client = seedance_testing::http_client::client();
    for _ in 0..50 {
        get(&client, url).await;
    }
    let times = Arc::<Mutex<Vec<Duration>>>::default();
    let mut ticks = interval(Duration::from_secs(1) / RATE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut requests = tokio::task::JoinSet::new();
    for _ in 0..2 * RATE {
        ticks.tick().await;
        let (client, url, times) = (client.clone(), url.to_owned(), Arc::clone(&times));
        requests.spawn(async move {
            let took = get(&client, &url).await;
            times.lock().expect("no panic").push(took);
        });
    }
    while requests.join_next().await.is_some() {}
    let mut times = times.lock().expect("no panic").split_off(0);
    times.sort_unstable();
    let at = |part: usize| times[times.len() * part / 100].as_secs_f64() * 1e6;
    println!("{} {}", at(50), at(99));
}

/// Prints the number of requests per second.
async fn busy(url: &str) {
    let client = seedance_testing::http_client::client();
    let run = async |time: Duration| {
        let began = Instant::now();
        let one = || async {
            let mut count = 0_u32;
            while began.elapsed() < time {
                get(&client, url).await;
                count += 1;
            }
            count
        };
        let all = futures_util::future::join_all((0..CONNECTIONS).map(|_| one()));
        let count: u32 = all.await.iter().sum();
        f64::from(count) / began.elapsed().as_secs_f64()
    };
    run(Duration::from_millis(300)).await;
    println!("{}", run(Duration::from_secs(2)).await);
}

/// Runs a load generator and parses the numbers that it prints.
fn load(kind: &str, address: &str) -> Vec<f64> {
    let url = format!("http://{address}{PATH}");
    let output = Command::new(env::current_exe().expect("this program"))
        .args(["child", kind, &url])
        .output()
        .expect("a load generator");
    let text = String::from_utf8(output.stdout).expect("numbers");
    text.split_whitespace()
        .map(|number| number.parse().expect("a number"))
        .collect()
}

fn measure() {
    let directory = tempfile::tempdir().expect("a directory");
    let upstream = ServerProcess::start(&["upstream"]);
    let url = format!("http://{}", upstream.address);
    let checks = ServerProcess::start(&["proxy", &url]);
    let records = ServerProcess::start(&["proxy", &url, &directory.path().display().to_string()]);
    let copies = ServerProcess::start(&["copier", &upstream.address]);
    let ways = [
        ("direct", &upstream.address),
        ("a copier", &copies.address),
        ("proxy", &checks.address),
        ("proxy, recording", &records.address),
    ];
    println!("at {RATE} requests a second:");
    let medians = rounds("steady", &ways);
    for ((name, _), numbers) in ways.iter().zip(&medians) {
        let added = |index: usize| numbers[index] - medians[0][index];
        println!(
            "  {name:<17} p50 {:7.0} µs ({:+6.0}), p99 {:7.0} µs ({:+6.0})",
            numbers[0],
            added(0),
            numbers[1],
            added(1)
        );
    }
    println!("at {CONNECTIONS} connections:");
    let medians = rounds("busy", &ways);
    for ((name, _), numbers) in ways.iter().zip(&medians) {
        let part = numbers[0] / medians[0][0];
        println!("  {name:<17} {:7.0} requests/s ({part:.2})", numbers[0]);
    }
}

/// The median of each number over all rounds, for each path.
fn rounds(kind: &str, ways: &[(&str, &String)]) -> Vec<Vec<f64>> {
    let mut all = vec![Vec::new(); ways.len()];
    for _ in 0..ROUNDS {
        for ((_, address), found) in ways.iter().zip(&mut all) {
            found.push(load(kind, address));
        }
    }
    let median = |found: &Vec<Vec<f64>>| {
        let of = |index: usize| {
            let mut numbers: Vec<f64> = found.iter().map(|round| round[index]).collect();
            numbers.sort_by(f64::total_cmp);
            numbers[numbers.len() / 2]
        };
        (0..found[0].len()).map(of).collect()
    };
    all.iter().map(median).collect()
}
