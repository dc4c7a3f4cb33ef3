//! What is served at which path, and with which headers.

use bytes::Bytes;
use http::{HeaderValue, Response, header, request::Parts};

use super::{
    assets::Assets,
    files::{self, PREFIX},
};
use seedance_traffic::proxy::PageAccess;

/// Everything comes from the same origin; scripts and styles are files. A video is played from there
/// as well, or from the bytes that the page has.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; media-src 'self' blob:; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

const JSON: &str = "application/json";

/// What a request asks for.
pub(super) enum Page {
    /// A file that is the same for everyone: media type and content.
    File(&'static str, Bytes),
    /// What the page is told of itself.
    Settings,
    /// The exchanges after a number.
    ExchangesAfter(u64),
}

/// The page that a request asks for, if it asks for one.
///
/// `/` is the page for browsers only: another client may mean the gateway.
pub(super) fn asked_for(request: &Parts, assets: &Assets) -> Option<Page> {
    let path = request.uri.path();
    let (media_type, content) = if path == "/" {
        wants_html(request).then(files::index)?
    } else {
        match path.strip_prefix(PREFIX)? {
            "settings.json" => return Some(Page::Settings),
            "exchanges.json" => return Some(Page::ExchangesAfter(number(request))),
            _ => files::file(assets, &request.uri)?,
        }
    };
    Some(Page::File(media_type, content))
}

impl Page {
    /// What comes from the traffic is not for everyone.
    pub fn access(&self) -> PageAccess {
        match self {
            Self::File(..) => PageAccess::Public,
            Self::Settings | Self::ExchangesAfter(_) => PageAccess::WithToken,
        }
    }

    /// The page, of these settings and exchanges.
    pub fn response(
        self,
        settings: &str,
        exchanges_after: impl FnOnce(u64) -> String,
    ) -> Response<Bytes> {
        match self {
            Self::File(media_type, content) => response(media_type, content),
            Self::Settings => response(JSON, settings.to_owned().into()),
            Self::ExchangesAfter(number) => response(JSON, exchanges_after(number).into()),
        }
    }
}

fn wants_html(request: &Parts) -> bool {
    let accept = request.headers.get(header::ACCEPT);
    let accept = accept.and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

/// The number in `after=NUMBER`, 0 without one.
fn number(request: &Parts) -> u64 {
    let query = request.uri.query().unwrap_or_default();
    let mut pairs = query.split('&');
    let number = pairs.find_map(|pair| pair.strip_prefix("after="));
    number.and_then(|number| number.parse().ok()).unwrap_or(0)
}

fn response(media_type: &'static str, body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_TYPE, media_type),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use http::{Request, header};

    use super::{Assets, Page, PageAccess, asked_for};

    fn ask(path: &str, accept: &str) -> Option<Page> {
        let request = Request::get(path).header(header::ACCEPT, accept).body(());
        let (parts, ()) = request.unwrap().into_parts();
        asked_for(&parts, &Assets::load().unwrap())
    }

    fn text(page: Page) -> String {
        let response = page.response("{}", |number| number.to_string());
        String::from_utf8(response.into_body().to_vec()).unwrap()
    }

    #[test]
    fn only_a_browser_gets_the_page_instead_of_the_gateway() {
        let page = ask("/", "text/html,*/*;q=0.8").unwrap();
        assert!(text(page).starts_with("<!doctype html>"));
        assert!(ask("/", "*/*").is_none() && ask("/v1/models", "text/html").is_none());
        assert!(ask("/_playground/nothing.js", "*/*").is_none());
    }

    #[test]
    fn what_comes_from_the_traffic_needs_the_token() {
        for path in ["settings.json", "exchanges.json?after=7"] {
            let page = ask(&format!("/_playground/{path}"), "*/*").unwrap();
            assert_eq!(page.access(), PageAccess::WithToken, "{path}");
        }
        let page = ask("/_playground/exchanges.json?after=7", "*/*").unwrap();
        assert_eq!(text(page), "7");
    }

    #[test]
    fn each_file_that_the_page_names_is_there() {
        let index = include_str!("page/index.html");
        let scripts = [
            index,
            include_str!("page/main.js"),
            include_str!("page/exchanges.js"),
            include_str!("page/operations.js"),
            include_str!("page/report.js"),
            include_str!("page/video.js"),
        ];
        let mut count = 0;
        for quoted in scripts
            .iter()
            .flat_map(|text| text.split('"').skip(1).step_by(2))
        {
            let is_file = [".js", ".css", ".yaml"]
                .iter()
                .any(|end| quoted.ends_with(end));
            if is_file {
                let path = quoted.replacen("./", "/_playground/", 1);
                assert!(ask(&path, "*/*").is_some(), "{path}");
                count += 1;
            }
        }
        assert!(count > 8, "{count} files");
    }
}
