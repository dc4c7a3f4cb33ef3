//! Which TLS implementation requests use: the one that the crate's features choose.

use super::error::Error;

/// Uses the platform's TLS.
#[cfg(feature = "native-tls")]
#[expect(clippy::unnecessary_wraps, reason = "rustls can fail")]
pub(super) fn configure(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, Error> {
    Ok(builder.tls_backend_native())
}

/// Uses rustls.
#[cfg(all(feature = "__rustls", not(feature = "native-tls")))]
pub(super) fn configure(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, Error> {
    let mut config =
        rustls_config().map_err(|cause| Error::input(format!("TLS cannot be set up: {cause}")))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(builder.tls_backend_preconfigured(config))
}

/// Without a TLS feature only `http` URLs can be requested.
#[cfg(not(any(feature = "__rustls", feature = "native-tls")))]
#[expect(clippy::unnecessary_wraps, reason = "rustls can fail")]
pub(super) fn configure(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, Error> {
    Ok(builder)
}

/// A configuration of rustls that verifies certificates as the operating system does.
///
/// The cryptography is the process's default provider if the application has installed one,
/// otherwise the one that the features choose. Nothing is installed here.
///
/// # Errors
///
/// If the operating system's certificates cannot be read.
#[cfg(feature = "__rustls")]
#[doc(hidden)]
pub fn rustls_config() -> Result<rustls::ClientConfig, rustls::Error> {
    use rustls::{ClientConfig, crypto::CryptoProvider};
    use rustls_platform_verifier::BuilderVerifierExt;

    #[cfg(feature = "aws-lc-rs")]
    use rustls::crypto::aws_lc_rs::default_provider;
    #[cfg(not(feature = "aws-lc-rs"))]
    use rustls::crypto::ring::default_provider;

    let provider = CryptoProvider::get_default()
        .cloned()
        .unwrap_or_else(|| default_provider().into());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?;
    Ok(builder.with_no_client_auth())
}
