//! The gateway that all requests go to.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use bytes::Bytes;
use http::{
    HeaderValue, Uri,
    uri::{Authority, PathAndQuery},
};
use http_body_util::{Either, Empty};
use hyper::{
    client::conn::http1::{self, SendRequest},
    rt::{Read, Write},
};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use tower_service::Service;
use url::Url;

use super::{failure::Failure, request_body::RequestBody};
use seedance_query::redact;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The body of a request: that of the client, or none.
pub(super) type Sent = Either<RequestBody, Empty<Bytes>>;

/// The address of the upstream, and how to connect to it.
pub(super) struct Upstream {
    origin: Uri,
    authority: Authority,
    /// Its `Host` header.
    pub host: HeaderValue,
    /// The path prefix, without a trailing slash.
    prefix: String,
    connector: Connector,
}

#[derive(Clone)]
enum Connector {
    Plain(HttpConnector),
    Tls(HttpsConnector<HttpConnector>),
}

impl Upstream {
    pub fn new(url: &str) -> io::Result<Self> {
        let invalid = |what: &str| {
            let message = format!("the upstream `{}` {what}", redact::text(url));
            io::Error::new(io::ErrorKind::InvalidInput, message)
        };
        let parsed = Url::parse(url).map_err(|error| invalid(&format!("is not a URL: {error}")))?;
        if !matches!(parsed.scheme(), "http" | "https") {
            return Err(invalid("is not an http(s) URL"));
        }
        if parsed.query().is_some() || parsed.fragment().is_some() {
            return Err(invalid("has a query or a fragment"));
        }
        if !parsed.username().is_empty() || parsed.password().is_some() {
            return Err(invalid("contains credentials; the client sends its own"));
        }
        // The parser leaves out the default port of the scheme.
        let authority: Authority = parsed[url::Position::BeforeHost..url::Position::AfterPort]
            .parse()
            .map_err(|_| invalid("has no valid host"))?;
        let origin = format!("{}://{authority}/", parsed.scheme());
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        http.set_keepalive(Some(Duration::from_mins(1)));
        let connector = if parsed.scheme() == "https" {
            let tls = seedance_query::client::rustls_config().map_err(io::Error::other)?;
            let builder = hyper_rustls::HttpsConnectorBuilder::new().with_tls_config(tls);
            Connector::Tls(builder.https_only().enable_http1().wrap_connector(http))
        } else {
            Connector::Plain(http)
        };
        Ok(Self {
            origin: origin.parse().map_err(io::Error::other)?,
            host: HeaderValue::from_str(authority.as_str()).map_err(io::Error::other)?,
            authority,
            prefix: parsed.path().trim_end_matches('/').to_owned(),
            connector,
        })
    }

    /// The URL, safe to print.
    pub fn shown(&self) -> String {
        let origin = self.origin.to_string();
        format!("{}{}", origin.trim_end_matches('/'), self.prefix)
    }

    /// Whether the authority is that of the upstream; absolute request targets are http only.
    pub fn is_at(&self, authority: &Authority) -> bool {
        let port = |authority: &Authority| authority.port_u16().unwrap_or(80);
        self.origin.scheme_str() == Some("http")
            && authority.host().eq_ignore_ascii_case(self.authority.host())
            && port(authority) == port(&self.authority)
    }

    /// Whether it is the proxy itself.
    pub fn is_same(&self, own: SocketAddr) -> bool {
        let default = if self.origin.scheme_str() == Some("https") {
            443
        } else {
            80
        };
        let host = self.authority.host();
        let ip = host.trim_matches(['[', ']']).parse::<IpAddr>();
        let is_here = match ip {
            Ok(ip) => ip == own.ip() || (own.ip().is_unspecified() && ip.is_loopback()),
            Err(_) => host.eq_ignore_ascii_case("localhost"),
        };
        is_here && self.authority.port_u16().unwrap_or(default) == own.port()
    }

    /// The URI of the forwarded request.
    pub fn uri(&self, uri: Uri) -> Uri {
        if self.prefix.is_empty() && uri.authority().is_none() {
            return uri;
        }
        let path = uri.path_and_query().map_or("/", PathAndQuery::as_str);
        if path == "*" {
            return uri;
        }
        // Both parts were parsed as URLs, so the join is one.
        let joined = format!("{}{path}", self.prefix);
        joined.parse().unwrap_or(uri)
    }

    pub async fn connect(&self) -> Result<SendRequest<Sent>, Failure> {
        let origin = self.origin.clone();
        let connecting = async {
            match self.connector.clone() {
                Connector::Plain(mut http) => {
                    let stream = http.call(origin).await;
                    talk(stream.map_err(|error| Failure::unreachable(&error))?).await
                }
                Connector::Tls(mut https) => {
                    let stream = https.call(origin).await;
                    talk(stream.map_err(|error| Failure::unreachable(&*error))?).await
                }
            }
        };
        tokio::time::timeout(CONNECT_TIMEOUT, connecting)
            .await
            .map_err(|_| Failure::no_connection(CONNECT_TIMEOUT))?
    }
}

/// Starts HTTP on a connection.
async fn talk<S>(stream: S) -> Result<SendRequest<Sent>, Failure>
where
    S: Read + Write + Send + Unpin + 'static,
{
    let (sender, connection) = http1::Builder::new()
        .preserve_header_case(true)
        .allow_obsolete_multiline_headers_in_responses(true)
        .allow_spaces_after_header_name_in_responses(true)
        .handshake(stream)
        .await
        .map_err(|error| Failure::broken(&error))?;
    // It ends with its last request, which receives its error.
    tokio::spawn(connection);
    Ok(sender)
}
