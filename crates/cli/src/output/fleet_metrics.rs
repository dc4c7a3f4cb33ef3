//! What a ledger that workers share has, in OpenMetrics format.

use std::sync::atomic::AtomicU64;

use prometheus_client::{
    encoding::text::encode,
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::Registry,
};
use seedance_fetch::FleetStatus;

/// The media type of [`fleet_metrics`].
pub(crate) const METRICS_MEDIA_TYPE: &str =
    "application/openmetrics-text; version=1.0.0; charset=utf-8";

type States = Family<Vec<(&'static str, &'static str)>, Gauge>;

/// The metrics; each name says its unit.
pub(crate) fn fleet_metrics(status: &FleetStatus) -> String {
    let mut registry = Registry::with_prefix("seedance_fleet");
    let tasks = States::default();
    for (state, number) in [
        ("due", status.due),
        ("held", status.held),
        ("later", status.later),
        ("arrived", status.arrived),
        ("failed", status.failed),
        ("unavailable", status.unavailable),
    ] {
        tasks
            .get_or_create(&vec![("state", state)])
            .set(signed(number));
    }
    registry.register("tasks", "Tasks of the ledger by state", tasks);
    let mut gauge = |name: &str, help: &str, value: u64| {
        let gauge: Gauge = Gauge::default();
        gauge.set(signed(value));
        registry.register(name, help, gauge);
    };
    gauge("workers", "Workers that hold tasks", status.workers);
    gauge(
        "downloads",
        "Videos that are being downloaded within the limit",
        status.downloads,
    );
    if let Some(limit) = status.max_downloads {
        gauge(
            "downloads_limit",
            "Maximum number of concurrent downloads",
            limit,
        );
    }
    if let Some(limit) = status.queries_per_second {
        gauge(
            "queries_per_second_limit",
            "Maximum number of queries per second",
            limit.into(),
        );
    }
    let queries: Counter = Counter::default();
    queries.inc_by(status.queries);
    registry.register("queries", "Queries that have begun", queries);
    if let Some(seconds) = status.oldest_expiry_in {
        let expiry = Gauge::<f64, AtomicU64>::default();
        expiry.set(seconds);
        let help = "Time until the first URL of a video that has not arrived expires";
        registry.register("oldest_expiry_seconds", help, expiry);
    }
    let mut text = String::new();
    // A string takes all that is written.
    let _ = encode(&mut text, &registry);
    text
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
