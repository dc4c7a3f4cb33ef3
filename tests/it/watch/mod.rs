//! Waiting for many tasks, against real sockets and in paused time.

mod events;
mod rate;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use seedance_query::{Client, TaskId, Watch};
use tokio::time::Instant;

use seedance_testing::{http_server::Server, replies::captured};

pub(super) fn watch(server: &Server, ids: &[TaskId]) -> Watch {
    let builder = Client::builder()
        .base_url(&server.url)
        .api_key("sk-test-0123456789");
    builder.build().unwrap().watch(ids.to_vec())
}

pub(super) fn ids(count: usize) -> Vec<TaskId> {
    let id = |number| format!("asyntask_{number:032}").parse().unwrap();
    (0..count).map(id).collect()
}

/// Answers each task as pending for the first queries of it, and then with its end.
pub(super) async fn gateway(queries: usize) -> (Server, Arc<Mutex<Vec<Instant>>>) {
    let (pending, success) = (
        captured("pending-queued.http"),
        captured("normal-720p.http"),
    );
    let failure = captured("failure-timeout.http");
    let seen = Mutex::new(BTreeMap::<String, usize>::new());
    let times = Arc::<Mutex<Vec<Instant>>>::default();
    let log = Arc::clone(&times);
    let server = Server::start(move |head, _| {
        log.lock().unwrap().push(Instant::now());
        let id = head.split(' ').nth(1).unwrap().to_owned();
        let fails = id.ends_with('7');
        let mut seen = seen.lock().unwrap();
        let count = seen.entry(id).or_default();
        *count += 1;
        match (*count > queries, fails) {
            (false, _) => pending.clone(),
            (true, false) => success.clone(),
            (true, true) => failure.clone(),
        }
    });
    (server.await, times)
}
