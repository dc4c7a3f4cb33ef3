//! The pages of the proxy.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Response, header};
use http_body_util::Full;
use serde_json::json;

use super::{failure::Failure, metrics::MEDIA_TYPE, route::Page, shared::Shared};
use crate::output::html;

/// Seconds after which a browser loads the report again, at the anchor that it is at.
const PERIOD: &str = "10";
/// In the query: the report is not loaded again.
const STAYS: &str = "refresh=off";

const JSON: &str = "application/json";

pub(super) fn respond(
    shared: &Shared,
    page: Page,
    method: &Method,
    headers: &HeaderMap,
    query: Option<&str>,
) -> Response<Full<Bytes>> {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return Failure::not_allowed().response();
    }
    let refreshes = !query.is_some_and(|query| query.split('&').any(|pair| pair == STAYS));
    let is_html = page == Page::Report && !wants_json(headers);
    let (media_type, text) = match page {
        Page::Metrics => (MEDIA_TYPE, shared.metrics.text(shared.queue.held())),
        Page::Report if !wants_json(headers) => report(shared, refreshes),
        Page::Report | Page::ReportAsJson => report_as_json(shared),
    };
    let mut response = page_response(media_type, text);
    if is_html && refreshes {
        let headers = response.headers_mut();
        headers.insert(header::REFRESH, HeaderValue::from_static(PERIOD));
    }
    response
}

/// Connects to the upstream, without a request, and tells why that fails if it does.
pub(super) async fn upstream(shared: &Shared, method: &Method) -> Response<Full<Bytes>> {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return Failure::not_allowed().response();
    }
    let failure = shared.upstream.connect().await.err();
    let problem = failure.as_ref().map(Failure::message);
    let told = json!({ "upstream": shared.upstream.shown(), "problem": problem });
    page_response(JSON, told.to_string())
}

fn page_response(media_type: &'static str, text: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(text));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    response
}

fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT);
    let accept = accept.and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains(JSON) && !accept.contains("text/html"))
}

/// The report as HTML.
fn report(shared: &Shared, refreshes: bool) -> (&'static str, String) {
    let summary = shared.summary();
    let mut note = summary.to_string();
    if refreshes {
        note.push_str(&format!(
            " This page is loaded again every {PERIOD} s; add {STAYS} to the query of its address to stop that."
        ));
    }
    match html::page_with(&summary.report, Some(&note)) {
        Ok(page) => ("text/html; charset=utf-8", page),
        // No summary causes that; JSON is the fallback.
        Err(_) => report_as_json(shared),
    }
}

fn report_as_json(shared: &Shared) -> (&'static str, String) {
    // All keys are strings and all numbers finite.
    let text = serde_json::to_string_pretty(&shared.summary()).unwrap_or_default();
    (JSON, text)
}
