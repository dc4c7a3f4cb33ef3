//! Where a request goes: to a page of the proxy, to the upstream, or nowhere.

use std::net::{IpAddr, SocketAddr};

use http::{HeaderMap, Method, Uri, header, uri::Authority};

use super::{
    hop_by_hop::asks_for_websocket, own_pages::PageAccess, page_token::PageToken,
    upstream::Upstream,
};

const UPSTREAM_PAGE: &str = "/_upstream.json";

/// A page of the proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Page {
    Report,
    ReportAsJson,
    Metrics,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Route {
    Page(Page),
    /// The page that tells whether the upstream takes connections.
    UpstreamPage,
    /// A page that a program adds.
    OwnPage,
    /// The URI for the upstream.
    Upstream(Uri),
    /// Another host, which the proxy does not forward to.
    Elsewhere,
    /// A page was requested under a foreign host name (DNS rebinding).
    Rebound,
    /// A page was requested without its token.
    NoToken,
    /// The request asks for a WebSocket.
    WebSocket,
}

impl Route {
    pub fn of(
        method: &Method,
        uri: Uri,
        headers: &HeaderMap,
        upstream: &Upstream,
        own: SocketAddr,
        token: Option<&PageToken>,
        own_page: Option<PageAccess>,
    ) -> Self {
        let is_own = uri
            .authority()
            .is_none_or(|authority| is_own(authority, own));
        let is_upstream = uri
            .authority()
            .is_none_or(|authority| upstream.is_at(authority));
        let is_http = uri.scheme_str().is_none_or(|scheme| scheme == "http");
        if *method == Method::CONNECT || !is_http || !(is_own || is_upstream) {
            return Self::Elsewhere;
        }
        let page = match uri.path() {
            "/_report" => Some(Page::Report),
            "/_report.json" => Some(Page::ReportAsJson),
            "/_metrics" => Some(Page::Metrics),
            _ => None,
        };
        let served = match (page, own_page) {
            (Some(page), _) => Some((Self::Page(page), PageAccess::WithToken)),
            (None, _) if uri.path() == UPSTREAM_PAGE => {
                Some((Self::UpstreamPage, PageAccess::WithToken))
            }
            (None, own_page) => own_page.map(|access| (Self::OwnPage, access)),
        };
        let has_token = || token.is_none_or(|token| token.is_in(&uri, headers));
        match served.filter(|_| is_own) {
            // A website could have pointed its name at this machine.
            Some(_) if own.ip().is_loopback() && !has_local_host(headers) => Self::Rebound,
            Some((_, PageAccess::WithToken)) if !has_token() => Self::NoToken,
            Some((route, _)) => route,
            None if asks_for_websocket(headers) => Self::WebSocket,
            None => Self::Upstream(upstream.uri(uri)),
        }
    }
}

fn is_own(authority: &Authority, own: SocketAddr) -> bool {
    let port = authority.port_u16().unwrap_or(80);
    port == own.port()
        && (is_local(authority.host()) || host_ip(authority.host()) == Some(own.ip()))
}

/// Whether a request names this machine as its host, as one to a loopback address does unless a website
/// has pointed its name there.
#[must_use]
pub fn has_local_host(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(header::HOST) else {
        return true;
    };
    let authority = host.to_str().ok().and_then(|host| host.parse().ok());
    authority.is_some_and(|authority: Authority| is_local(authority.host()))
}

fn is_local(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host_ip(host).is_some_and(|ip| ip.is_loopback())
}

fn host_ip(host: &str) -> Option<IpAddr> {
    host.trim_matches(['[', ']']).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{HeaderMap, Method, Page, Route, SocketAddr, Upstream, header};

    fn of(upstream: &str, method: &str, uri: &str, host: &str) -> Route {
        let own: SocketAddr = "127.0.0.1:8080".parse().unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let upstream = Upstream::new(upstream).unwrap();
        Route::of(
            &method,
            uri.parse().unwrap(),
            &headers,
            &upstream,
            own,
            None,
            None,
        )
    }

    fn up(uri: &str) -> Route {
        Route::Upstream(uri.parse().unwrap())
    }

    #[test]
    fn routes_to_the_upstream_or_nowhere() {
        let query = "/v1/video/generations/t1";
        for (method, uri, target) in [
            ("GET", query, up(query)),
            (
                "GET",
                "/v1/video/generations/t%2F1?x=1",
                up("/v1/video/generations/t%2F1?x=1"),
            ),
            ("HEAD", query, up(query)),
            ("POST", "/v1/video/generations", up("/v1/video/generations")),
            (
                "GET",
                "/v1/video/generations/",
                up("/v1/video/generations/"),
            ),
            (
                "GET",
                "/v1/video/generations/t/x",
                up("/v1/video/generations/t/x"),
            ),
            ("OPTIONS", "*", up("*")),
            ("GET", "/_reports", up("/_reports")),
            ("GET", "http://gateway.example/x?y", up("/x?y")),
            ("GET", "http://gateway.example:80/", up("/")),
            ("GET", "http://localhost:8080/x", up("/x")),
            ("GET", "http://gateway.example:81/x", Route::Elsewhere),
            ("GET", "https://gateway.example/x", Route::Elsewhere),
            ("GET", "http://elsewhere.example/x", Route::Elsewhere),
            ("GET", "http://127.0.0.1:8081/x", Route::Elsewhere),
            ("CONNECT", "gateway.example:443", Route::Elsewhere),
            ("GET", "/_report", Route::Page(Page::Report)),
            ("GET", "/_report.json?x", Route::Page(Page::ReportAsJson)),
            ("GET", "/_upstream.json", Route::UpstreamPage),
            (
                "GET",
                "http://127.0.0.1:8080/_metrics",
                Route::Page(Page::Metrics),
            ),
        ] {
            let found = of("http://gateway.example", method, uri, "localhost:8080");
            assert_eq!(found, target, "{method} {uri}");
        }
        let found = of("https://g.example/api/", "GET", query, "x");
        assert_eq!(found, up(&format!("/api{query}")));
    }

    #[test]
    fn pages_are_for_local_host_names() {
        for host in ["127.0.0.1:8080", "[::1]:8080", "LOCALHOST"] {
            let found = of("http://gateway.example", "GET", "/_report", host);
            assert_eq!(found, Route::Page(Page::Report), "{host}");
        }
        for host in ["evil.example", "evil.example:8080", "192.0.2.1:8080", "?"] {
            let found = of("http://gateway.example", "GET", "/_report", host);
            assert_eq!(found, Route::Rebound, "{host}");
        }
    }
}
