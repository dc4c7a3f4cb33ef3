//! Swagger UI's own files, which its crate hands out as routes only.

use std::io;

use axum::{
    Router,
    body::{Body, to_bytes},
};
use bytes::Bytes;
use futures_util::FutureExt;
use http::Request;
use swagger_ui_dist::{ApiDefinition, OpenApiSource, generate_routes};
use tower_service::Service;

/// The files that the page needs; they stay where they are in the program.
pub(super) struct Assets {
    pub script: Bytes,
    pub style: Bytes,
}

impl Assets {
    pub fn load() -> io::Result<Self> {
        let mut routes = generate_routes(ApiDefinition {
            uri_prefix: "/ui",
            api_definition: OpenApiSource::Uri("/"),
            title: None,
        });
        Ok(Self {
            script: file(&mut routes, "/ui/swagger-ui-bundle.js")?,
            style: file(&mut routes, "/ui/swagger-ui.css")?,
        })
    }
}

/// The answer of a route. Nothing in it waits.
fn file(routes: &mut Router, path: &'static str) -> io::Result<Bytes> {
    let missing = || io::Error::other(format!("the crate swagger-ui-dist has no {path}"));
    let request = Request::get(path).body(Body::empty());
    let request = request.map_err(io::Error::other)?;
    let Some(Ok(response)) = routes.call(request).now_or_never() else {
        return Err(missing());
    };
    if !response.status().is_success() {
        return Err(missing());
    }
    let body = to_bytes(response.into_body(), usize::MAX).now_or_never();
    body.and_then(Result::ok).ok_or_else(missing)
}

#[cfg(test)]
mod tests {
    use super::Assets;

    #[test]
    fn they_are_there_and_not_copied() {
        let (one, other) = (Assets::load().unwrap(), Assets::load().unwrap());
        assert!(one.script.len() > 1_000_000 && one.style.len() > 100_000);
        assert!(
            one.script
                .windows(15)
                .any(|part| part == b"SwaggerUIBundle")
        );
        assert_eq!(one.script.as_ptr(), other.script.as_ptr());
        assert_eq!(one.style.as_ptr(), other.style.as_ptr());
    }
}
