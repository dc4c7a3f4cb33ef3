//! The metrics of the proxy, in OpenMetrics format.

use std::{collections::BTreeMap, time::Duration};

use http::StatusCode;
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Registry, Unit},
};

use super::{
    exchange_counts::{ExchangeCounts, OperationCount},
    failure::Failure,
};
use seedance_query::validate::{Report, Severity, Verdict};

/// The media type of [`Metrics::text`].
pub(super) const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// Why a forwarded response to the task query was not validated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Unvalidated {
    /// The worker did not keep up.
    Overload,
    /// The body is too long for a task.
    TooLong,
    /// The body was cut off.
    CutOff,
    /// The content encoding cannot be decoded.
    Encoding,
    /// It cannot be read as a recording.
    Unreadable,
    /// The status has no body.
    NoBody,
    /// The validation panicked.
    Failed,
}

impl Unvalidated {
    const ALL: [Self; 7] = [
        Self::Overload,
        Self::TooLong,
        Self::CutOff,
        Self::Encoding,
        Self::Unreadable,
        Self::NoBody,
        Self::Failed,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Overload => "overload",
            Self::TooLong => "too_long",
            Self::CutOff => "cut_off",
            Self::Encoding => "encoding",
            Self::Unreadable => "unreadable",
            Self::NoBody => "no_body",
            Self::Failed => "failed",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Status {
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Reason {
    reason: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Judged {
    verdict: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Found {
    rule: &'static str,
    severity: &'static str,
}

/// All metrics and their registry.
pub(super) struct Metrics {
    registry: Registry,
    responses: Family<Status, Counter>,
    failures: Family<Reason, Counter>,
    skipped: Counter,
    validated: Family<Judged, Counter>,
    findings: Family<Found, Counter>,
    unvalidated: Family<Reason, Counter>,
    recorded: Counter,
    unrecorded: Counter,
    duration: Histogram,
    pub connections: Gauge,
    held: Gauge,
    /// By operation.
    exchanges: ExchangeCounts,
}

/// Upper bounds in seconds: loopback to a slow gateway.
const BUCKETS: [f64; 14] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];

impl Metrics {
    pub fn new() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("seedance_proxy"),
            responses: Family::default(),
            failures: Family::default(),
            skipped: Counter::default(),
            validated: Family::default(),
            findings: Family::default(),
            unvalidated: Family::default(),
            recorded: Counter::default(),
            unrecorded: Counter::default(),
            duration: Histogram::new(BUCKETS),
            connections: Gauge::default(),
            held: Gauge::default(),
            exchanges: ExchangeCounts::default(),
        };
        metrics.register();
        metrics
    }

    fn register(&mut self) {
        let registry = &mut self.registry;
        registry.register(
            "responses",
            "Responses from the upstream",
            self.responses.clone(),
        );
        registry.register(
            "failures",
            "Requests that the upstream did not answer",
            self.failures.clone(),
        );
        registry.register(
            "skipped",
            "Responses that are no answers to the task query",
            self.skipped.clone(),
        );
        registry.register(
            "validated",
            "Task query responses that were validated",
            self.validated.clone(),
        );
        registry.register(
            "findings",
            "Findings in validated responses",
            self.findings.clone(),
        );
        registry.register(
            "unvalidated",
            "Task query responses that were forwarded without validation",
            self.unvalidated.clone(),
        );
        registry.register("recorded", "Captures written", self.recorded.clone());
        registry.register(
            "unrecorded",
            "Captures that could not be written",
            self.unrecorded.clone(),
        );
        registry.register_with_unit(
            "upstream_duration",
            "Time from a request to the response headers",
            Unit::Seconds,
            self.duration.clone(),
        );
        registry.register(
            "connections",
            "Open client connections",
            self.connections.clone(),
        );
        registry.register_with_unit(
            "held",
            "Size of the bodies waiting to be validated",
            Unit::Bytes,
            self.held.clone(),
        );
    }

    /// Counts a response and the time until its head.
    pub fn response(&self, status: StatusCode, took: Duration) {
        self.duration.observe(took.as_secs_f64());
        let status = status.as_u16();
        self.responses.get_or_create(&Status { status }).inc();
    }

    pub fn failure(&self, reason: &'static str) {
        self.failures.get_or_create(&Reason { reason }).inc();
    }

    /// Counts a response that is no answer to the task query, or not to be looked into.
    pub fn skipped(&self, operation: &str, reason: &'static str) {
        self.skipped.inc();
        self.exchanges.unvalidated(operation, reason);
    }

    pub fn unvalidated(&self, operation: &str, reason: Unvalidated) {
        let reason = reason.name();
        self.unvalidated.get_or_create(&Reason { reason }).inc();
        self.exchanges.unvalidated(operation, reason);
    }

    pub fn validated(&self, operation: &str, report: &Report) {
        self.exchanges.validated(operation);
        let verdict = match report.verdict() {
            Verdict::Conforms => "conforms",
            Verdict::Drifts => "drifts",
            Verdict::Violates => "violates",
        };
        self.validated.get_or_create(&Judged { verdict }).inc();
        for finding in report.findings() {
            let found = Found {
                rule: finding.rule.id(),
                severity: match finding.severity() {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                    Severity::Info => "info",
                },
            };
            self.findings.get_or_create(&found).inc();
        }
    }

    /// The number of responses by status.
    pub fn responses_by_status(&self) -> BTreeMap<u16, u64> {
        let count = |status| {
            let counter = self.responses.get(&Status { status })?;
            Some((status, counter.get()))
        };
        (100..1000).filter_map(count).collect()
    }

    pub fn failures_by_reason(&self) -> BTreeMap<&'static str, u64> {
        counts(&self.failures, Failure::WITHOUT_RESPONSE)
    }

    pub fn unvalidated_by_reason(&self) -> BTreeMap<&'static str, u64> {
        counts(&self.unvalidated, Unvalidated::ALL.map(Unvalidated::name))
    }

    /// What was validated of each operation, and what was not.
    pub fn exchanges(&self) -> Vec<OperationCount> {
        self.exchanges.all()
    }

    pub fn skipped_count(&self) -> u64 {
        self.skipped.get()
    }

    pub fn recorded_count(&self) -> u64 {
        self.recorded.get()
    }

    pub fn unrecorded_count(&self) -> u64 {
        self.unrecorded.get()
    }

    /// The metrics as text.
    pub fn text(&self, held: usize) -> String {
        self.held.set(i64::try_from(held).unwrap_or(i64::MAX));
        let mut text = String::new();
        // Writing to a string cannot fail.
        let _ = encode(&mut text, &self.registry);
        text
    }

    pub fn recorded(&self, is_recorded: bool) {
        if is_recorded {
            self.recorded.inc();
        } else {
            self.unrecorded.inc();
        }
    }
}

/// A family cannot be iterated, so each known reason is read.
fn counts(
    family: &Family<Reason, Counter>,
    reasons: impl IntoIterator<Item = &'static str>,
) -> BTreeMap<&'static str, u64> {
    let count = |reason| {
        let counter = family.get(&Reason { reason })?;
        Some((reason, counter.get()))
    };
    reasons.into_iter().filter_map(count).collect()
}
