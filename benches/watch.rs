//! The memory that watching 10,000 tasks takes in one process, above that of watching one.

use std::{io::Write, time::Duration};

use seedance_query::{Client, TaskId, WaitEvent, WaitPolicy};
use seedance_testing::{
    bench::{ServerProcess, child_arguments, memory, serve},
    files::captured_body,
    replies::about_task,
};

const TASKS: usize = 10_000;
/// Each task is asked for so often: the last answer of each is kept, and has to be there.
const POLLS: u32 = 3;

fn response(body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

async fn watch(client: &Client, tasks: usize) -> f64 {
    let ids = (0..tasks).map(|number| format!("asyntask_{number:032}").parse::<TaskId>());
    let policy = WaitPolicy::default().interval(Duration::from_secs(2));
    let mut events = client
        .watch(ids.map(|id| id.expect("an id")))
        .policy(policy)
        .concurrency(64.try_into().expect("a number"))
        .observe();
    let mut asked_enough = 0;
    let mut peak = 0_f64;
    while let Some((_, event)) = events.next().await {
        match event {
            WaitEvent::Observed(seen) if seen.poll() == POLLS => asked_enough += 1,
            WaitEvent::Observed(_) => {}
            WaitEvent::Ended(outcome) => panic!("{outcome:?}"),
        }
        if asked_enough == tasks {
            peak = memory("VmHWM");
            break;
        }
    }
    peak
}

fn main() {
    if child_arguments().is_some() {
        let body = captured_body("pending-in-progress.http");
        serve(move |stream, head| {
            let id = head.split(['/', ' ']).nth(5).unwrap_or_default();
            stream.write_all(&response(&about_task(id, &body)))
        });
        return;
    }
    let server = ServerProcess::start(&[]);
    let client = Client::builder()
        .base_url(format!("http://{}", server.address))
        .api_key("sk-test-0123456789abcdef")
        .requests_per_second(20_000.try_into().expect("a rate"))
        .build()
        .expect("a client");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime");
    let one = runtime.block_on(watch(&client, 1));
    let many = runtime.block_on(watch(&client, TASKS));
    println!("watching 1 task: {one:.1} MiB at most");
    println!(
        "watching {TASKS} tasks, each asked for {POLLS} times: {many:.1} MiB at most, \
         {:.1} MiB above, {:.1} KiB a task",
        many - one,
        (many - one) * 1024.0 / 10_000.0
    );
}
