//! A request, and what its answer depends on: where it came to, by which name, and from whom.

use std::net::IpAddr;

use http::{HeaderMap, HeaderName, Method, header, request::Parts, uri::Authority};

use super::{
    request_log::{Entry, Origin, Request},
    state::{Addresses, GatewayState, task_id},
    task::Submission,
};

/// Below this path is the third origin, where all are at one port.
const ELSEWHERE: &str = "/elsewhere";

/// A request that is being answered.
pub(super) struct Call<'a> {
    pub(super) state: &'a GatewayState,
    pub(super) origin: Origin,
    pub(super) method: &'a Method,
    /// The path at its origin.
    pub(super) path: &'a str,
    pub(super) query: &'a str,
    pub(super) headers: &'a HeaderMap,
    /// Who asks.
    pub(super) client: IpAddr,
    /// The URLs by which this client reaches the servers.
    pub(super) addresses: Addresses,
    /// The gateway's id of this request.
    pub(super) request_id: String,
}

impl<'a> Call<'a> {
    /// A request that came to a server.
    pub(super) fn new(
        state: &'a GatewayState,
        server: Origin,
        parts: &'a Parts,
        client: IpAddr,
    ) -> Self {
        let (origin, path) = if state.settings.one_port {
            place(parts.uri.path())
        } else {
            (server, parts.uri.path())
        };
        Self {
            state,
            origin,
            method: &parts.method,
            path,
            query: parts.uri.query().unwrap_or_default(),
            headers: &parts.headers,
            client,
            addresses: addresses(state, server, &parts.headers),
            request_id: state.request_id(),
        }
    }

    /// Writes the request into the log.
    pub(super) fn log(&self, parts: &Parts) -> Entry {
        let text = |name: HeaderName| {
            let value = self.headers.get(name);
            value.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
        };
        self.state.log.open(Request {
            origin: self.origin,
            method: self.method.to_string(),
            path: parts.uri.path().to_owned(),
            task_id: task_id(self.path),
            range: text(header::RANGE),
            if_range: text(header::IF_RANGE),
            has_authorization: self.headers.contains_key(header::AUTHORIZATION),
            has_right_key: self.state.has_right_key(self.headers),
            status: None,
            body_bytes: 0,
            is_complete: false,
            duration: None,
        })
    }

    /// What the gateway keeps of it, if it is a submission.
    pub(super) fn submission(&self) -> Submission {
        Submission {
            request_id: self.request_id.clone(),
            path: self.path.to_owned(),
        }
    }

    pub(super) fn is_get(&self) -> bool {
        self.method == Method::GET
    }

    pub(super) fn is_head(&self) -> bool {
        self.method == Method::HEAD
    }
}

/// The origin that a path stands for where all are at one port, and the path there.
fn place(path: &str) -> (Origin, &str) {
    let elsewhere = path.strip_prefix(ELSEWHERE);
    match elsewhere.filter(|path| GatewayState::is_stored(path)) {
        Some(path) => (Origin::Elsewhere, path),
        None if GatewayState::is_stored(path) => (Origin::Storage, path),
        None => (Origin::Gateway, path),
    }
}

/// The URLs of the servers for a client that asked the gateway by the name in its `Host` header.
fn addresses(state: &GatewayState, server: Origin, headers: &HeaderMap) -> Addresses {
    let own = &state.addresses;
    let gateway = match (&state.settings.public_url, server) {
        (Some(url), _) => url.clone(),
        (None, Origin::Gateway) => named(headers).unwrap_or_else(|| own.gateway.clone()),
        (None, _) => own.gateway.clone(),
    };
    if state.settings.one_port {
        Addresses {
            storage: gateway.clone(),
            elsewhere: format!("{gateway}{ELSEWHERE}"),
            gateway,
        }
    } else {
        Addresses {
            gateway,
            storage: own.storage.clone(),
            elsewhere: own.elsewhere.clone(),
        }
    }
}

/// The URL of the host that a request names.
fn named(headers: &HeaderMap) -> Option<String> {
    let host = headers.get(header::HOST)?.as_bytes();
    let authority = Authority::try_from(host).ok()?;
    // A user's name and password are no part of a host.
    (!authority.as_str().contains('@')).then(|| format!("http://{authority}"))
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, header};

    use super::{Origin, named, place};

    #[test]
    fn a_path_at_one_port_stands_for_an_origin() {
        for (path, expected) in [
            ("/v1/videos/a", (Origin::Gateway, "/v1/videos/a")),
            ("/enhanced/a.mp4", (Origin::Storage, "/enhanced/a.mp4")),
            (
                "/elsewhere/seedance-2-0/a.mp4",
                (Origin::Elsewhere, "/seedance-2-0/a.mp4"),
            ),
            ("/elsewhere", (Origin::Gateway, "/elsewhere")),
            ("/elsewhere/v1", (Origin::Gateway, "/elsewhere/v1")),
            ("/", (Origin::Gateway, "/")),
        ] {
            assert_eq!(place(path), expected);
        }
    }

    #[test]
    fn only_a_host_is_taken_for_one() {
        let named = |host: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::HOST, HeaderValue::from_static(host));
            named(&headers)
        };
        for host in ["mock:8080", "127.0.0.1:1", "[::1]:80", "localhost"] {
            assert_eq!(named(host), Some(format!("http://{host}")));
        }
        for host in ["", "a@b", "a b", "a/b", "a?b"] {
            assert_eq!(named(host), None, "{host}");
        }
    }
}
