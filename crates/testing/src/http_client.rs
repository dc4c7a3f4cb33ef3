//! A plain HTTP client, for tests that look at responses as they come.
//!
//! `reqwest::Client::new` would panic: without a provider of its own, reqwest has to be given its
//! TLS configuration.

/// A client with reqwest's defaults.
pub fn client() -> reqwest::Client {
    builder().build().unwrap()
}

/// The configuration of a client, with nothing set but TLS.
pub fn builder() -> reqwest::ClientBuilder {
    let tls = seedance_query::client::rustls_config().unwrap();
    reqwest::Client::builder().tls_backend_preconfigured(tls)
}
