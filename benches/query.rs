//! What `Client::query` costs above a bare `reqwest` GET of the same bytes, in one run.
//!
//! All talk to the same server on loopback and take short turns, and each turn is compared with the
//! one beside it: a busy machine slows all of them, and where the scheduler puts client and server
//! (on one CPU or two, which makes a request at a time take up to five times as long) changes for all
//! of them. `taskset -c 0` keeps both on one CPU, where the figures vary by less than one in a hundred.
//! The server does nothing but write, so that every microsecond of a client shows. A GET that parses
//! its body into a `serde_json::Value`, which is the least that any client does, is in the run too.

use std::{
    net::SocketAddr,
    thread,
    time::{Duration, Instant},
};

use futures_util::stream::{self, StreamExt};
use seedance_query::{Client, TaskId, Verdict};
use seedance_testing::{files::captured_body, replies::about_task};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

/// The task that is asked for.
const ID: &str = "asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F";
const KEY: &str = "sk-test-0123456789abcdef";
const ROUNDS: usize = 400;

/// Answers every request with the same bytes, on a thread and connections of its own.
fn serve(body: Vec<u8>) -> SocketAddr {
    let (send, receive) = std::sync::mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        runtime.expect("a runtime").block_on(async move {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            send.send(listener.local_addr().expect("an address"))
                .expect("a receiver");
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
                body.len()
            );
            let answer: &'static [u8] = [head.as_bytes(), &body].concat().leak();
            while let Ok((mut stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let _ = stream.set_nodelay(true);
                    let mut head = [0; 4096];
                    // A request of these clients fits into one read.
                    while stream.read(&mut head).await.is_ok_and(|read| read > 0) {
                        if stream.write_all(answer).await.is_err() {
                            break;
                        }
                    }
                });
            }
        });
    });
    receive.recv().expect("the server's address")
}

async fn measure(body: &[u8], concurrency: usize) {
    let address = serve(body.to_vec());
    let client = Client::builder()
        .requests_per_second(std::num::NonZeroU32::MAX)
        .base_url(format!("http://{address}"))
        .api_key(KEY);
    let client = client.build().expect("a client");
    let id: TaskId = ID.parse().expect("an id");
    let bare = seedance_testing::http_client::client();
    let url = format!("http://{address}/v1/video/generations/{id}");

    let query = || async {
        let response = client.query(&id).await.expect("a task");
        assert_eq!(response.report().verdict(), Verdict::Conforms);
        assert_eq!(response.report().shape(), response.view().shape());
    };
    let get = || async {
        let request = bare.get(&url).bearer_auth(KEY);
        let request = request.header("accept", "application/json");
        let response = request.send().await.expect("a response");
        response.bytes().await.expect("a body")
    };
    let get_bytes = || async { assert_eq!(get().await.len(), body.len()) };
    let get_value = || async {
        let value: Value = serde_json::from_slice(&get().await).expect("JSON");
        assert!(value["data"].is_object());
    };
    let requests = if concurrency == 1 { 20 } else { 256 };
    let mut times = [const { Vec::new() }; 3];
    let mut ratios = [const { Vec::new() }; 2];
    for round in 0..ROUNDS {
        let bytes = all(requests, concurrency, &get_bytes).await;
        let value = all(requests, concurrency, &get_value).await;
        let query = all(requests, concurrency, &query).await;
        // The first rounds open the connections.
        if round >= 10 {
            for (times, took) in times.iter_mut().zip([bytes, value, query]) {
                times.push(took.as_secs_f64());
            }
            for (ratios, took) in ratios.iter_mut().zip([value, query]) {
                ratios.push(took.as_secs_f64() / bytes.as_secs_f64());
            }
        }
    }
    let [bytes, value, query] =
        times.map(|mut times| median(&mut times) / f64::from(requests) * 1e6);
    let [value_more, query_more] = ratios.map(|mut ratios| (median(&mut ratios) - 1.0) * 100.0);
    println!(
        "  {concurrency:>2} at a time: bare GET {bytes:6.1} µs, GET and Value {value:6.1} µs \
         ({value_more:+.1} %), query {query:6.1} µs ({query_more:+.1} %)"
    );
}

/// The time of so many requests, so many at a time.
async fn all<F: Future<Output = ()>>(
    requests: u32,
    concurrency: usize,
    request: &impl Fn() -> F,
) -> Duration {
    let started = Instant::now();
    stream::iter(0..requests)
        .for_each_concurrent(concurrency, |_| request())
        .await;
    started.elapsed()
}

fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_unstable_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime");
    for name in [
        "pending-in-progress.http",
        "normal-720p.http",
        "super-resolution-720p.http",
    ] {
        let body = about_task(ID, &captured_body(name));
        println!("{name}, {} bytes:", body.len());
        for concurrency in [1, 64] {
            runtime.block_on(measure(&body, concurrency));
        }
    }
}
