//! The one gateway that everything goes to, and a connection to it.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::{Mutex, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use http::{
    HeaderValue, Request, Response, Uri,
    request::Parts,
    uri::{Authority, PathAndQuery},
};
use http_body::Body;
use http_body_util::{Either, Empty};
use hyper::{
    body::Incoming,
    client::conn::http1::{self, SendRequest},
    rt::{Read, Write},
};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use tower_service::Service;
use url::Url;

use super::failure::Failure;
use seedance_query::{model::url::is_loopback, redact};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The body that goes to the upstream: that of the client, or none.
type Sent = Either<Incoming, Empty<Bytes>>;

/// Where the upstream is, and how it is reached.
pub(super) struct Upstream {
    origin: Uri,
    authority: Authority,
    /// The `Host` that it knows itself by.
    pub host: HeaderValue,
    /// What comes before each path, without a slash at its end.
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
        let fault = |what: &str| {
            let message = format!("the upstream `{}` {what}", redact::text(url));
            io::Error::new(io::ErrorKind::InvalidInput, message)
        };
        let parsed = Url::parse(url).map_err(|error| fault(&format!("is no URL: {error}")))?;
        if !matches!(parsed.scheme(), "http" | "https") {
            return Err(fault("is not an http(s) URL"));
        }
        if parsed.query().is_some() || parsed.fragment().is_some() {
            return Err(fault("has a query or a fragment"));
        }
        if !parsed.username().is_empty() || parsed.password().is_some() {
            return Err(fault("has credentials in it; the client gives its own"));
        }
        // The parser leaves out the port that the scheme has by itself.
        let authority: Authority = parsed[url::Position::BeforeHost..url::Position::AfterPort]
            .parse()
            .map_err(|_| fault("has no host that can be asked"))?;
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

    /// The URL, as it can be shown.
    pub fn shown(&self) -> String {
        let origin = self.origin.to_string();
        format!("{}{}", origin.trim_end_matches('/'), self.prefix)
    }

    /// Whether that is where the upstream is; a target that names a host is never of https.
    pub fn is_at(&self, authority: &Authority) -> bool {
        let port = |authority: &Authority| authority.port_u16().unwrap_or(80);
        self.origin.scheme_str() == Some("http")
            && authority.host().eq_ignore_ascii_case(self.authority.host())
            && port(authority) == port(&self.authority)
    }

    /// Whether it is on this machine.
    pub fn is_loopback(&self) -> bool {
        Url::parse(&self.origin.to_string()).is_ok_and(|url| is_loopback(&url))
    }

    /// Whether that is an address of the proxy itself.
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

    /// What the upstream is to be asked for.
    pub fn uri(&self, uri: Uri) -> Uri {
        if self.prefix.is_empty() && uri.authority().is_none() {
            return uri;
        }
        let path = uri.path_and_query().map_or("/", PathAndQuery::as_str);
        if path == "*" {
            return uri;
        }
        // Both parts were read as URLs, so they are one together.
        let joined = format!("{}{path}", self.prefix);
        joined.parse().unwrap_or(uri)
    }

    async fn connect(&self) -> Result<SendRequest<Sent>, Failure> {
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
            .map_err(|_| Failure::too_late("took no connection", CONNECT_TIMEOUT))?
    }
}

/// Begins to talk HTTP on a connection.
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
    // It ends with its last request; what went wrong on it, the request is told.
    tokio::spawn(connection);
    Ok(sender)
}

/// The connection to the upstream that belongs to one connection of a client: so a client finds
/// what it would find there itself.
#[derive(Default)]
pub(super) struct Line {
    idle: Mutex<Option<SendRequest<Sent>>>,
}

impl Line {
    /// Sends a request and gives the head of the response.
    ///
    /// A connection that was in use before can have been closed by the upstream just now. Then a
    /// request that may be repeated is sent once more, as every client of its own would.
    pub async fn send(
        &self,
        upstream: &Upstream,
        parts: Parts,
        body: Incoming,
    ) -> Result<Response<Incoming>, Failure> {
        let body: Sent = if body.is_end_stream() {
            Either::Right(Empty::new())
        } else {
            Either::Left(body)
        };
        let again = parts.method.is_safe() && matches!(body, Either::Right(_));
        let idle = self.lock().take().filter(|sender| !sender.is_closed());
        let Some(sender) = idle else {
            return self
                .send_anew(upstream, Request::from_parts(parts, body))
                .await;
        };
        let again = again.then(|| parts.clone());
        match self.send_on(sender, Request::from_parts(parts, body)).await {
            Ok(response) => Ok(response),
            Err((_, Some(unsent))) => self.send_anew(upstream, *unsent).await,
            Err((error, None)) => match again.filter(|_| is_closed(&error)) {
                Some(parts) => {
                    let request = Request::from_parts(parts, Either::Right(Empty::new()));
                    self.send_anew(upstream, request).await
                }
                None => Err(Failure::broken(&error)),
            },
        }
    }

    async fn send_anew(
        &self,
        upstream: &Upstream,
        request: Request<Sent>,
    ) -> Result<Response<Incoming>, Failure> {
        let sender = upstream.connect().await?;
        let outcome = self.send_on(sender, request).await;
        outcome.map_err(|(error, _)| Failure::broken(&error))
    }

    /// Gives the request back if nothing of it was sent.
    async fn send_on(
        &self,
        mut sender: SendRequest<Sent>,
        request: Request<Sent>,
    ) -> Result<Response<Incoming>, (hyper::Error, Option<Box<Request<Sent>>>)> {
        if let Err(error) = sender.ready().await {
            return Err((error, Some(Box::new(request))));
        }
        match sender.try_send_request(request).await {
            Ok(response) => {
                *self.lock() = Some(sender);
                Ok(response)
            }
            Err(mut error) => {
                let unsent = error.take_message().map(Box::new);
                Err((error.into_error(), unsent))
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<SendRequest<Sent>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether the connection ended before anything of the response came.
fn is_closed(error: &hyper::Error) -> bool {
    let cause =
        std::error::Error::source(error).and_then(|cause| cause.downcast_ref::<io::Error>());
    let is_reset = cause.is_some_and(|cause| {
        matches!(
            cause.kind(),
            io::ErrorKind::ConnectionReset
                | io::ErrorKind::ConnectionAborted
                | io::ErrorKind::BrokenPipe
        )
    });
    error.is_incomplete_message() || error.is_canceled() || error.is_closed() || is_reset
}
