//! What is served at which path, and with which headers.

use bytes::Bytes;
use http::{HeaderValue, Response, header, request::Parts};

use super::{
    assets::Assets,
    files::{self, PREFIX},
};
use seedance_traffic::proxy::{OwnPage, PageAccess};

/// Everything comes from the same origin; scripts and styles are files. A video is played from there
/// as well, or from the bytes that the page has.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; connect-src 'self'; media-src 'self' blob:; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

/// The page that a request asks for, if it asks for one.
///
/// `/` is the page for browsers only: another client may mean the gateway.
pub(super) fn page(
    request: &Parts,
    assets: &Assets,
    settings: &str,
    exchanges_after: impl FnOnce(u64) -> String,
) -> Option<OwnPage> {
    const JSON: &str = "application/json";
    let path = request.uri.path();
    if path == "/" {
        return wants_html(request).then(|| own_page(files::index(), PageAccess::Public));
    }
    let (media_type, text) = match path.strip_prefix(PREFIX)? {
        "settings.json" => (JSON, settings.to_owned()),
        "exchanges.json" => (JSON, exchanges_after(number(request))),
        _ => {
            let file = files::file(assets, &request.uri)?;
            return Some(own_page(file, PageAccess::Public));
        }
    };
    Some(own_page((media_type, text.into()), PageAccess::WithToken))
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

fn own_page((media_type, body): (&'static str, Bytes), access: PageAccess) -> OwnPage {
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
    OwnPage { response, access }
}

#[cfg(test)]
mod tests {
    use http::{Request, header};

    use super::{Assets, OwnPage, PageAccess, page};

    fn ask(path: &str, accept: &str) -> Option<OwnPage> {
        let request = Request::get(path).header(header::ACCEPT, accept).body(());
        let (parts, ()) = request.unwrap().into_parts();
        let assets = Assets::load().unwrap();
        page(&parts, &assets, "{}", |number| number.to_string())
    }

    #[test]
    fn only_a_browser_gets_the_page_instead_of_the_gateway() {
        let page = ask("/", "text/html,*/*;q=0.8").unwrap();
        assert!(page.response.body().starts_with(b"<!doctype html>"));
        assert!(ask("/", "*/*").is_none() && ask("/v1/models", "text/html").is_none());
        assert!(ask("/_playground/nothing.js", "*/*").is_none());
    }

    #[test]
    fn what_comes_from_the_traffic_needs_the_token() {
        for path in ["settings.json", "exchanges.json?after=7"] {
            let page = ask(&format!("/_playground/{path}"), "*/*").unwrap();
            assert_eq!(page.access, PageAccess::WithToken, "{path}");
        }
        let page = ask("/_playground/exchanges.json?after=7", "*/*").unwrap();
        assert_eq!(&page.response.body()[..], b"7");
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
