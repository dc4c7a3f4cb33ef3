//! The URLs of a task: that they are safe to use, and that they agree.

use std::sync::LazyLock;

use memchr::memmem::Finder;
use serde_json::{Map, Value};
use url::Url;

use super::{
    super::{
        facts::Facts,
        report::{Finding, shorten},
        rule::Rule,
    },
    outcome::Outcome,
    signature,
};
use crate::model::{
    Shape, name, operation, pointers,
    url::{has_scheme, is_loopback, is_url, may_be_local, same_file},
};

/// What says how often a URL can be requested.
static BUDGET: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new("X-Tos-Max-Requests="));

pub(super) fn check(task: &Facts<'_>, outcome: &mut Outcome) {
    let video_url = task.upstream.and_then(|upstream| upstream.video_url);
    let places = [
        (pointers::DATA_RESULT_URL, task.result_url),
        (pointers::DATA_ORIGINAL_RESULT_URL, task.original_result_url),
        (pointers::DATA_DATA_CONTENT_VIDEO_URL, video_url),
        (
            pointers::DATA_DATA_CONTENT_LAST_FRAME_URL,
            task.upstream.and_then(|upstream| upstream.last_frame_url),
        ),
    ];
    let mut is_unsafe = false;
    for (index, (pointer, url)) in places.iter().enumerate() {
        let Some(url) = url else { continue };
        // The same file in two places is one fact, also if it is signed anew for each.
        let is_repeated = places[..index]
            .iter()
            .any(|(_, other)| other.is_some_and(|other| same_file(other, url)));
        if !is_repeated && let Some(finding) = safety(pointer, url) {
            is_unsafe = true;
            outcome.add(finding);
        } else if !is_repeated {
            signature::check(pointer, url, task.finish_time, outcome);
        }
    }
    if let Some(url) = task
        .result_url
        .filter(|url| is_url(url) && task.is_success())
    {
        kind(url, outcome);
        if task.shape == Some(Shape::Normal)
            && let Some(inner) = video_url
            && !is_unsafe
            && !is_gateway(url)
            && !same_file(url, inner)
        {
            let message = format!(
                "this is another file than `{}`, though the task was not enhanced",
                name::RESULT_URL
            );
            outcome.add(
                Finding::new(
                    Rule::UrlMismatch,
                    pointers::DATA_DATA_CONTENT_VIDEO_URL,
                    message,
                )
                .expected(crate::redact::text(url))
                .found(&Value::from(inner)),
            );
        }
    }
}

/// What kind of URL the video has, where it is not the pre-signed one that is documented.
fn kind(url: &str, outcome: &mut Outcome) {
    const AT: &str = pointers::DATA_RESULT_URL;
    if is_gateway(url) {
        let message = "this is a URL of the gateway: it needs the API key, as no other host does";
        outcome.add(Finding::new(Rule::GatewayUrl, AT, message).expected("a pre-signed URL"));
    } else if !url.contains('?') {
        let message = "this URL is not signed, so nothing tells how long it can be used";
        outcome.add(Finding::new(Rule::UnsignedUrl, AT, message).expected("a pre-signed URL"));
    } else if let Some(budget) = budget(url) {
        let digits = budget
            .split(|c: char| !c.is_ascii_digit())
            .next()
            .unwrap_or_default();
        let times = if digits.is_empty() { "a few" } else { digits };
        let message = format!("this URL can be requested {} times only", shorten(times));
        outcome.add(Finding::new(Rule::RequestBudget, AT, message));
    }
}

/// What follows the name of the parameter that limits the requests.
fn budget(url: &str) -> Option<&str> {
    let begins_parameter =
        |at: &usize| matches!(url.as_bytes()[..*at].last(), Some(b'?' | b'&' | b'#'));
    let at = BUDGET.find_iter(url.as_bytes()).find(begins_parameter)?;
    Some(&url[at + BUDGET.needle().len()..])
}

/// Whether a URL is the gateway's own way to a video.
fn is_gateway(url: &str) -> bool {
    operation::is_content(url)
}

fn safety(pointer: &str, url: &str) -> Option<Finding> {
    // Nearly every URL is of this kind, and needs no parsing.
    if !(has_scheme(url, "http://") || may_be_local(url)) || !is_url(url) {
        return None;
    }
    let parsed = Url::parse(url).ok()?;
    let (rule, message) = if is_loopback(&parsed) {
        (
            Rule::LoopbackUrl,
            "this URL points at the machine that reads it",
        )
    } else if parsed.scheme() == "http" {
        (
            Rule::InsecureUrl,
            "this URL is not https: anyone on the way can read and change the video",
        )
    } else {
        return None;
    };
    let finding = Finding::new(rule, pointer, message);
    Some(
        finding
            .expected("an https URL of a public host")
            .found(&Value::from(url)),
    )
}

/// The video in an upstream's answer.
fn upstream_url(answer: &Value) -> Option<&Value> {
    answer.get(name::CONTENT)?.get(name::VIDEO_URL)
}

/// The URL that most likely gives the video of a finished task, wherever it stands.
pub(super) fn best_url(row: &Map<String, Value>) -> Option<&str> {
    let inner = row.get(name::DATA);
    let nested = inner.and_then(|inner| inner.get(name::DATA));
    [
        row.get(name::RESULT_URL),
        row.get(name::FAIL_REASON),
        row.get(name::ORIGINAL_RESULT_URL),
        inner.and_then(upstream_url),
        nested.and_then(upstream_url),
        nested.and_then(|nested| nested.get(name::RESULT_URL)),
    ]
    .into_iter()
    .flatten()
    .filter_map(Value::as_str)
    .find(|url| is_url(url))
}
