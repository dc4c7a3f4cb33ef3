//! The proxy: traffic passes unchanged and undelayed, and findings are reported.

mod failures;
mod framing;
mod idle;
mod load;
mod mock_gateway;
mod operations;
mod own_pages;
mod pages;
mod same_verdicts;
mod traffic;
mod upstream_page;
mod whole_task;

use std::time::Duration;

use seedance_testing::{
    files::captures,
    http_message::json,
    http_server::{Server, Step, send},
    patience::PATIENCE,
    raw_client::{KEY, PATH, RawClient},
    replies::about_task,
};
use seedance_traffic::proxy::{Proxy, ProxyBuilder, ProxySummary};

/// The body of a capture, about the task that the path asks for.
fn captured_body(name: &str) -> Vec<u8> {
    let id = PATH.rsplit('/').next().unwrap();
    about_task(id, &seedance_testing::files::captured_body(name))
}

fn builder(upstream: &str) -> ProxyBuilder {
    Proxy::builder().upstream(upstream).grace(PATIENCE)
}

async fn proxy(upstream: &Server) -> Proxy {
    builder(&upstream.url).start().await.unwrap()
}

/// Waits until this many responses are accounted for, those of other operations included.
async fn accounted(proxy: &Proxy, count: u64) -> ProxySummary {
    let until = tokio::time::Instant::now() + PATIENCE;
    loop {
        let summary = proxy.summary();
        let counted = summary
            .exchanges
            .iter()
            .map(|exchange| exchange.validated + exchange.unvalidated.values().sum::<u64>());
        if counted.sum::<u64>() >= count {
            return summary;
        }
        assert!(tokio::time::Instant::now() < until, "{summary:?}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Waits until this many responses were validated or left unvalidated.
async fn settled(proxy: &Proxy, count: u64) -> ProxySummary {
    let until = tokio::time::Instant::now() + PATIENCE;
    loop {
        let summary = proxy.summary();
        let unvalidated: u64 = summary.unvalidated.values().sum();
        if summary.report.responses + unvalidated >= count {
            return summary;
        }
        assert!(tokio::time::Instant::now() < until, "{summary:?}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
