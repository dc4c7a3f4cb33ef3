//! How requests reach a store: through a client of ours, and to no host that the user has not named.

use std::{
    env, fmt,
    net::{IpAddr, Ipv6Addr},
    time::Duration,
};

use async_trait::async_trait;
use http::{HeaderValue, Method, StatusCode, Uri, header::IF_NONE_MATCH};
use http_body_util::BodyExt;
use object_store::{
    ClientConfigKey, ClientOptions,
    client::{
        HttpClient, HttpConnector, HttpError, HttpErrorKind, HttpRequest, HttpResponse,
        HttpResponseBody, HttpService,
    },
};
use reqwest::{Url, redirect};
use seedance_query::client::rustls_config;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Maximum time for a request with its part of a video, unless the environment says otherwise.
pub(super) const TIMEOUT: &str = "2m";

/// Variables that can name a metadata service, which is asked for credentials only then.
const NAME_METADATA: [&str; 11] = [
    "AWS_ENDPOINT",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_S3",
    "AWS_METADATA_ENDPOINT",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AZURE_MSI_ENDPOINT",
    "AZURE_IDENTITY_ENDPOINT",
    "IDENTITY_ENDPOINT",
    "GCE_METADATA_HOST",
    "GCE_METADATA_ROOT",
    "GCE_METADATA_IP",
];
/// Is set by the service that runs a container, with a path at this address.
const CONTAINER: (&str, &str) = ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "169.254.170.2");

const METADATA_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);

/// Makes the clients of a store.
#[derive(Debug)]
pub(super) struct Connector {
    /// Whether the store completes a multipart upload only if there is no object of its name, if it is
    /// told so.
    pub completes_once: bool,
}

impl HttpConnector for Connector {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        let client = client(options).map_err(|source| object_store::Error::Generic {
            store: "HTTP",
            source,
        })?;
        Ok(HttpClient::new(Service {
            client,
            completes_once: self.completes_once,
        }))
    }
}

fn client(
    options: &ClientOptions,
) -> Result<reqwest::Client, Box<dyn std::error::Error + Send + Sync>> {
    let is_on = |key| options.get_config_value(&key).as_deref() == Some("true");
    let mut tls = rustls_config()?;
    tls.alpn_protocols = vec![b"http/1.1".to_vec()];
    let mut builder = reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(redirect::Policy::none())
        .https_only(!is_on(ClientConfigKey::AllowHttp))
        .connect_timeout(CONNECT_TIMEOUT)
        .user_agent(concat!("seedance-query/", env!("CARGO_PKG_VERSION")));
    if let Some(timeout) = options.get_config_value(&ClientConfigKey::Timeout) {
        builder = builder.timeout(humantime::parse_duration(&timeout)?);
    }
    Ok(builder.build()?)
}

#[derive(Debug)]
struct Service {
    client: reqwest::Client,
    completes_once: bool,
}

#[async_trait]
impl HttpService for Service {
    async fn call(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let (mut parts, body) = request.into_parts();
        refuse_unnamed_metadata(&parts.uri)?;
        if self.completes_once && completes_upload(&parts.method, &parts.uri) {
            // The library does not ask for this, and the header needs no signature.
            let any = HeaderValue::from_static("*");
            parts.headers.insert(IF_NONE_MATCH, any);
        }
        let url = Url::parse(&parts.uri.to_string());
        let url = url.map_err(|error| HttpError::new(HttpErrorKind::Unknown, error))?;
        let mut request = reqwest::Request::new(parts.method, url);
        *request.headers_mut() = parts.headers;
        *request.body_mut() = Some(reqwest::Body::wrap(body));
        let response = self.client.execute(request).await.map_err(http_error)?;
        if response.status() == StatusCode::INSUFFICIENT_STORAGE {
            // It would be asked again as if it were busy.
            return Err(HttpError::new(HttpErrorKind::Unknown, StoreFull));
        }
        let response: http::Response<reqwest::Body> = response.into();
        Ok(response.map(|body| HttpResponseBody::new(body.map_err(http_error))))
    }
}

fn completes_upload(method: &Method, uri: &Uri) -> bool {
    let mut query = uri.query().unwrap_or_default().split('&');
    method == Method::POST && query.any(|pair| pair.starts_with("uploadId="))
}

/// What happened, by which the library decides whether to ask again. URLs can have signatures.
fn http_error(error: reqwest::Error) -> HttpError {
    if error.is_builder() {
        return HttpError::new(HttpErrorKind::Unknown, NoTls);
    }
    let kind = if error.is_timeout() {
        HttpErrorKind::Timeout
    } else if error.is_connect() {
        HttpErrorKind::Connect
    } else if error.is_decode() {
        HttpErrorKind::Decode
    } else {
        HttpErrorKind::Interrupted
    };
    HttpError::new(kind, error.without_url())
}

/// Without credentials the library asks the metadata service of a cloud's machine, wherever it runs.
fn refuse_unnamed_metadata(uri: &Uri) -> Result<(), HttpError> {
    let host = uri.host().unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let is_metadata = host == "metadata.google.internal"
        || match host.parse() {
            Ok(IpAddr::V4(address)) => address.is_link_local(),
            Ok(IpAddr::V6(address)) => address.is_unicast_link_local() || address == METADATA_V6,
            Err(_) => false,
        };
    let is_named = || {
        let names = |variable: &&str| env::var(variable).is_ok_and(|value| value.contains(host));
        let (variable, address) = CONTAINER;
        NAME_METADATA.iter().any(names) || (host == address && env::var_os(variable).is_some())
    };
    if is_metadata && !is_named() {
        return Err(HttpError::new(HttpErrorKind::Unknown, NoCredentials));
    }
    Ok(())
}

/// There are no credentials, and nobody to ask for them.
#[derive(Debug)]
pub(super) struct NoCredentials;

impl fmt::Display for NoCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there are no credentials")
    }
}

impl std::error::Error for NoCredentials {}

/// The store has no room (HTTP 507).
#[derive(Debug)]
pub(super) struct StoreFull;

impl fmt::Display for StoreFull {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HTTP 507")
    }
}

impl std::error::Error for StoreFull {}

/// The URL of the endpoint has no TLS.
#[derive(Debug)]
struct NoTls;

impl fmt::Display for NoTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the endpoint has no TLS, which AWS_ALLOW_HTTP=true or its like has to allow")
    }
}

impl std::error::Error for NoTls {}
