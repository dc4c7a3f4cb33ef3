//! The embedded gateway: what it serves is right where it should be, and wrong where it says so.

mod bodies;
mod downloads;
mod faults;
mod hooks;
mod instructions;
mod lives;
mod new_api;
mod one_port;
mod servers;
mod storage;
mod submit;
mod submit_faults;

use std::{
    sync::OnceLock,
    time::{Duration, Instant},
};

use seedance_mock::{Gateway, GatewayBuilder};
use seedance_query::{Client, Rule, TaskId, validate_response};
use seedance_testing::patience::PATIENCE;

/// Longer than any task takes.
const LIFE: Duration = Duration::from_mins(5);

/// A gateway on which time passes as the test wants it.
fn builder() -> GatewayBuilder {
    Gateway::builder().speed(0.0).retry_after(Duration::ZERO)
}

fn client(gateway: &Gateway) -> Client {
    let builder = Client::builder().base_url(gateway.base_url());
    let builder = builder.api_key(gateway.api_key()).timeout(PATIENCE);
    builder.build().unwrap()
}

/// A client that does nothing by itself: it follows no redirects and keeps no connections.
fn plain() -> reqwest::Client {
    static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
    let make = || {
        seedance_testing::http_client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .pool_max_idle_per_host(0)
            .timeout(PATIENCE)
            .build()
            .unwrap()
    };
    CLIENT.get_or_init(make).clone()
}

/// An answer as it came.
#[derive(Debug)]
struct Reply {
    status: u16,
    headers: http::HeaderMap,
    body: Vec<u8>,
    /// Whether the body came to its end.
    is_complete: bool,
    took: Duration,
}

impl Reply {
    fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The body as JSON; null if it is none.
    fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The rules that the body trips, beside the one that every URL of this machine trips.
    fn rules(&self) -> Vec<Rule> {
        let report = validate_response(self.status, &self.body);
        let rules = report.findings().iter().map(|finding| finding.rule);
        rules.filter(|rule| *rule != Rule::LoopbackUrl).collect()
    }

    fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Sends a request; `None` if no answer came.
async fn send(request: reqwest::RequestBuilder) -> Option<Reply> {
    let start = Instant::now();
    let mut response = request.send().await.ok()?;
    let mut reply = Reply {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        body: Vec::new(),
        is_complete: true,
        took: Duration::ZERO,
    };
    while reply.is_complete {
        match response.chunk().await {
            Ok(Some(bytes)) => reply.body.extend_from_slice(&bytes),
            Ok(None) => break,
            Err(_) => reply.is_complete = false,
        }
    }
    reply.took = start.elapsed();
    Some(reply)
}

async fn query(gateway: &Gateway, id: &TaskId) -> Option<Reply> {
    let url = format!("{}/v1/video/generations/{id}", gateway.base_url());
    send(plain().get(url).bearer_auth(gateway.api_key())).await
}

async fn get(url: &str) -> Option<Reply> {
    send(plain().get(url)).await
}

/// Lets a task live to its end, and gives its URL.
async fn result_url(gateway: &Gateway, id: &TaskId) -> String {
    query(gateway, id).await.unwrap();
    gateway.advance(LIFE);
    let body = query(gateway, id).await.unwrap().json();
    body["data"]["result_url"].as_str().unwrap().to_owned()
}
