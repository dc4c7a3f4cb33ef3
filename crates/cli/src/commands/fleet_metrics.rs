//! `ledger URL --metrics`: what a shared ledger knows, for Prometheus.

use std::{io, net::SocketAddr};

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use seedance_fetch::fleet_status;
use tokio::net::TcpListener;

use crate::{
    exit_status::ExitStatus,
    output::{METRICS_MEDIA_TYPE, chain, complain, fleet_metrics, print},
    session::stopped,
};

/// Serves the metrics until this process is told to stop. The ledger is read for each request.
pub(super) async fn serve(url: &str, address: SocketAddr) -> io::Result<ExitStatus> {
    let stop = stopped()?;
    let listener = match TcpListener::bind(address).await {
        Ok(listener) => listener,
        Err(error) => {
            complain(&format!("cannot listen at {address}: {error}"));
            return Ok(ExitStatus::Usage);
        }
    };
    print(&format_args!("http://{}/metrics", listener.local_addr()?))?;
    let pages = Router::new().route("/metrics", get(metrics));
    axum::serve(listener, pages.with_state(url.to_owned()))
        .with_graceful_shutdown(stop)
        .await?;
    Ok(ExitStatus::Done)
}

async fn metrics(State(url): State<String>) -> Response {
    match fleet_status(&url).await {
        Ok(status) => {
            let media_type = [(header::CONTENT_TYPE, METRICS_MEDIA_TYPE)];
            (media_type, fleet_metrics(&status)).into_response()
        }
        // Prometheus takes note that there is nothing to scrape.
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, chain(&error)).into_response(),
    }
}
