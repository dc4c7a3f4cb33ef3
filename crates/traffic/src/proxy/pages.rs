//! The pages of the proxy.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Response, header};
use http_body_util::Full;

use super::{failure::Failure, metrics::MEDIA_TYPE, route::Page, shared::Shared};
use crate::output::html;

const JSON: &str = "application/json";

pub(super) fn respond(
    shared: &Shared,
    page: Page,
    method: &Method,
    headers: &HeaderMap,
) -> Response<Full<Bytes>> {
    if !matches!(*method, Method::GET | Method::HEAD) {
        return Failure::not_allowed().response();
    }
    let (media_type, text) = match page {
        Page::Metrics => (MEDIA_TYPE, shared.metrics.text(shared.queue.held())),
        Page::Report if !wants_json(headers) => report(shared),
        Page::Report | Page::ReportAsJson => json(shared),
    };
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
fn report(shared: &Shared) -> (&'static str, String) {
    let summary = shared.summary();
    match html::page_with(&summary.report, Some(&summary.to_string())) {
        Ok(page) => ("text/html; charset=utf-8", page),
        // No summary causes that; JSON is the fallback.
        Err(_) => json(shared),
    }
}

fn json(shared: &Shared) -> (&'static str, String) {
    // All keys are strings and all numbers finite.
    let text = serde_json::to_string_pretty(&shared.summary()).unwrap_or_default();
    (JSON, text)
}
