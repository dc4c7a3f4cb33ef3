//! The files of the page that do not change.

use bytes::Bytes;
use http::Uri;

use super::assets::Assets;
use seedance_query::OPENAPI;

/// Below this path is everything but the page itself.
pub(super) const PREFIX: &str = "/_playground/";

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

/// Media type and content of the page.
pub(super) fn index() -> (&'static str, Bytes) {
    let page = include_str!("page/index.html");
    ("text/html; charset=utf-8", text(page))
}

/// Media type and content of the file at a path, if there is one.
pub(super) fn file(assets: &Assets, uri: &Uri) -> Option<(&'static str, Bytes)> {
    Some(match uri.path().strip_prefix(PREFIX)? {
        "openapi.yaml" => ("application/yaml", text(OPENAPI)),
        "swagger-ui-bundle.js" => (SCRIPT, assets.script.clone()),
        "swagger-ui.css" => (STYLE, assets.style.clone()),
        "page.css" => (STYLE, text(include_str!("page/page.css"))),
        "theme.js" => (SCRIPT, text(include_str!("page/theme.js"))),
        "main.js" => (SCRIPT, text(include_str!("page/main.js"))),
        "exchanges.js" => (SCRIPT, text(include_str!("page/exchanges.js"))),
        "report.js" => (SCRIPT, text(include_str!("page/report.js"))),
        "video.js" => (SCRIPT, text(include_str!("page/video.js"))),
        "elements.js" => (SCRIPT, text(include_str!("page/elements.js"))),
        "operations.js" => (SCRIPT, text(include_str!("page/operations.js"))),
        "server.js" => (SCRIPT, text(include_str!("page/server.js"))),
        _ => return None,
    })
}

fn text(text: &'static str) -> Bytes {
    Bytes::from_static(text.as_bytes())
}
