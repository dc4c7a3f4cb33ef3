//! The base URL: accepted as people write it.

use url::Url;

use super::error::Error;
use crate::{
    model::{
        operation::{PathTemplate, operations},
        url::is_loopback,
    },
    redact,
};

/// Other endpoints of such gateways. The base URL is what precedes an endpoint.
const OTHER_ENDPOINTS: [&str; 3] = ["/v1/chat/completions", "/v1/models", "/api/log/token"];

/// The base URL of a gateway, without a slash at its end.
///
/// A host without a scheme gets `https`, a loopback host `http`. The path of an API endpoint, or the
/// beginning of one, is dropped from the end.
pub(super) fn parse(given: &str) -> Result<Url, Error> {
    let text = given.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '`'));
    let shown = redact::text(text);
    let refuse = |fault: &str| Err(Error::input(format!("the base URL `{shown}` {fault}")));
    let is_your = text.to_ascii_lowercase().starts_with("your") && !text.contains('.');
    if text.starts_with(['<', '{', '$']) || is_your {
        return refuse("is a placeholder: write the address of the gateway in its place");
    }
    let mut url = match with_scheme(text) {
        Ok(url) => url,
        Err(fault) => {
            return refuse(&format!(
                "cannot be used: {fault}; write it like https://gateway.example"
            ));
        }
    };
    if !matches!(url.scheme(), "http" | "https") {
        return refuse("is not an http(s) URL");
    }
    if url.query().is_some() || url.fragment().is_some() {
        return refuse("has a query or a fragment; write the address without it");
    }
    if !url.username().is_empty() || url.password().is_some() {
        return refuse("has credentials in it; give the key as the API key");
    }
    let path = without_endpoint(url.path()).to_owned();
    url.set_path(&path);
    Ok(url)
}

fn with_scheme(text: &str) -> Result<Url, String> {
    if text.contains("://") {
        return Url::parse(text).map_err(|error| error.to_string());
    }
    let host = text.split(['/', '?', '#']).next().unwrap_or_default();
    let (name, port) = host.rsplit_once(':').unwrap_or((host, "0"));
    let is_host = !name.is_empty()
        && (port.bytes().all(|byte| byte.is_ascii_digit()) || host.ends_with(']'))
        && (name.contains(['.', '[']) || name.eq_ignore_ascii_case("localhost"));
    if !is_host {
        return Err("it has no scheme and is no host name".to_owned());
    }
    let url = Url::parse(&format!("https://{text}")).map_err(|error| error.to_string())?;
    if is_loopback(&url) {
        return Url::parse(&format!("http://{text}")).map_err(|error| error.to_string());
    }
    Ok(url)
}

/// The path without that of an endpoint at its end, or the beginning of one, such as `/v1`.
fn without_endpoint(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    let operations = operations().map(PathTemplate::as_str);
    let endpoints = operations.chain(OTHER_ENDPOINTS);
    let tails = endpoints.flat_map(|endpoint| {
        let segments: Vec<&str> = endpoint.split('/').skip(1).collect();
        (1..=segments.len()).map(move |length| segments[..length].to_vec())
    });
    let found: Vec<&str> = path.split('/').collect();
    let is_tail = |tail: &[&str]| {
        found.len() > tail.len()
            && found[found.len() - tail.len()..]
                .iter()
                .zip(tail)
                .all(|(found, expected)| expected.starts_with('{') || found == expected)
    };
    let Some(length) = tails
        .filter(|tail| tail[0] == "v1" || tail.len() > 1)
        .filter(|tail| is_tail(tail))
        .map(|tail| tail.len())
        .max()
    else {
        return path;
    };
    let kept = found[..found.len() - length].join("/").len();
    &path[..kept]
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn understands_what_people_write() {
        for (text, url) in [
            ("https://gateway.example", "https://gateway.example/"),
            ("https://gateway.example/", "https://gateway.example/"),
            (" 'https://gateway.example'\n", "https://gateway.example/"),
            ("gateway.example", "https://gateway.example/"),
            ("gateway.example:8443/x/", "https://gateway.example:8443/x"),
            ("localhost:8080", "http://localhost:8080/"),
            ("127.0.0.1:8080", "http://127.0.0.1:8080/"),
            ("[::1]:8080", "http://[::1]:8080/"),
            ("HTTPS://Gateway.example/v1", "https://gateway.example/"),
            (
                "https://gateway.example/api/v1/",
                "https://gateway.example/api",
            ),
            (
                "https://gateway.example/v1/video/generations",
                "https://gateway.example/",
            ),
            (
                "gateway.example/x/v1/video/generations/asyntask_1",
                "https://gateway.example/x",
            ),
            (
                "https://gateway.example/v1/video/generations/{task_id}",
                "https://gateway.example/",
            ),
            (
                "https://gateway.example/v1/videos/asyntask_1",
                "https://gateway.example/",
            ),
            (
                "https://gateway.example/v1/videos/asyntask_1/content",
                "https://gateway.example/",
            ),
            (
                "https://gateway.example/v1/chat/completions",
                "https://gateway.example/",
            ),
            // Not an endpoint.
            (
                "https://proxy.example/v1/tenants/5",
                "https://proxy.example/v1/tenants/5",
            ),
            ("https://gateway.example/api", "https://gateway.example/api"),
        ] {
            assert_eq!(parse(text).unwrap().as_str(), url, "{text}");
        }
    }

    #[test]
    fn refuses_the_rest_and_says_what_to_write() {
        for (text, message) in [
            ("", "the base URL `` cannot be used"),
            (
                "gateway",
                "the base URL `gateway` cannot be used: it has no scheme",
            ),
            (
                "sk-live-51Hsecret",
                "the base URL `sk-REDACTED` cannot be used",
            ),
            ("ftp://a.example", "the base URL `ftp://a.example` is not"),
            ("https://", "the base URL `https://` cannot be used"),
            (
                "a.example?x=1",
                "the base URL `a.example?x=REDACTED` has a query",
            ),
            (
                "https://me:pw@a.example",
                "the base URL `https://REDACTED:REDACTED@a.example` has credentials",
            ),
            ("<base url>", "the base URL `<base url>` is a placeholder"),
            (
                "YOUR_BASE_URL",
                "the base URL `YOUR_BASE_URL` is a placeholder",
            ),
        ] {
            let error = parse(text).unwrap_err();
            assert!(
                error.is_input() && error.to_string().starts_with(message),
                "{error}"
            );
        }
    }
}
