//! Hop-by-hop headers (RFC 9110, section 7.6.1).

use http::{HeaderMap, HeaderName, HeaderValue, header};

/// Others are named by `Connection`.
fn is_for_the_hop(name: &HeaderName) -> bool {
    matches!(
        *name,
        header::CONNECTION | header::TE | header::UPGRADE | header::PROXY_AUTHORIZATION
    ) || matches!(name.as_str(), "keep-alive" | "proxy-connection")
}

/// Whether a request asks for a WebSocket. Other upgrades, such as `h2c`, may be ignored.
pub(super) fn asks_for_websocket(headers: &HeaderMap) -> bool {
    has_token(headers, &header::CONNECTION, "upgrade")
        && has_token(headers, &header::UPGRADE, "websocket")
}

/// Removes them; the order of the others and the framing of the body stay.
///
/// `TE: trailers` stays, since trailers are forwarded. `Content-Length` beside `Transfer-Encoding`
/// goes (RFC 9112, section 6.3): the next one along the way could believe it.
pub(super) fn without(headers: HeaderMap) -> HeaderMap {
    let is_chunked = headers.contains_key(header::TRANSFER_ENCODING);
    let takes_trailers = has_token(&headers, &header::TE, "trailers");
    let named: Vec<HeaderName> = tokens(&headers, &header::CONNECTION)
        .filter_map(|token| token.parse().ok())
        // Removing these would change the message.
        .filter(|name| !is_of_the_message(name))
        .collect();
    let is_gone = |name: &HeaderName| {
        let is_false_length = is_chunked && *name == header::CONTENT_LENGTH;
        is_for_the_hop(name) || is_false_length || named.contains(name)
    };
    if !headers.keys().any(is_gone) {
        return headers;
    }
    let mut kept = HeaderMap::with_capacity(headers.len());
    let mut last = None;
    for (name, value) in headers {
        // Only the first value of a name comes with it.
        last = name.or(last);
        if let Some(name) = last.as_ref().filter(|name| !is_gone(name)) {
            kept.append(name, value);
        }
    }
    if takes_trailers {
        kept.insert(header::CONNECTION, HeaderValue::from_static("TE"));
        kept.insert(header::TE, HeaderValue::from_static("trailers"));
    }
    kept
}

/// Headers that `Connection` cannot remove.
fn is_of_the_message(name: &HeaderName) -> bool {
    matches!(
        *name,
        header::HOST | header::CONTENT_LENGTH | header::TRANSFER_ENCODING | header::TRAILER
    )
}

fn tokens<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    let values = headers.get_all(name).into_iter();
    let texts = values.filter_map(|value| value.to_str().ok());
    texts.flat_map(|text| text.split(',')).map(str::trim)
}

fn has_token(headers: &HeaderMap, name: &HeaderName, token: &str) -> bool {
    tokens(headers, name).any(|found| found.eq_ignore_ascii_case(token))
}

#[cfg(test)]
mod tests {
    use super::{HeaderMap, HeaderName, asks_for_websocket, without};

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(HeaderName::from_static(name), value.parse().unwrap());
        }
        headers
    }

    fn lines(headers: &HeaderMap) -> Vec<String> {
        let line = |(name, value): (&HeaderName, &http::HeaderValue)| {
            format!("{name}: {}", value.to_str().unwrap())
        };
        headers.iter().map(line).collect()
    }

    #[test]
    fn other_headers_keep_their_order() {
        let given = headers(&[
            ("x-z", "1"),
            ("connection", "keep-alive, X-Hop"),
            ("a", "1"),
            ("keep-alive", "timeout=5"),
            ("x-hop", "1"),
            ("a", "2"),
            ("content-length", "2"),
            ("connection", "content-length"),
            ("authorization", "Bearer x"),
            ("upgrade", "h2c"),
            ("b", "1"),
        ]);
        let expected = [
            "x-z: 1",
            "a: 1",
            "a: 2",
            "content-length: 2",
            "authorization: Bearer x",
            "b: 1",
        ];
        assert_eq!(lines(&without(given)), expected);
    }

    #[test]
    fn a_length_beside_a_transfer_encoding_goes() {
        let given = headers(&[
            ("content-length", "5"),
            ("x", "1"),
            ("transfer-encoding", "chunked"),
        ]);
        let expected = ["x: 1", "transfer-encoding: chunked"];
        assert_eq!(lines(&without(given)), expected);
    }

    #[test]
    fn a_websocket_is_told_from_other_upgrades() {
        for (connection, upgrade, expected) in [
            ("Upgrade", "websocket", true),
            ("keep-alive, upgrade", "WebSocket", true),
            ("upgrade, http2-settings", "h2c", false),
            ("keep-alive", "websocket", false),
        ] {
            let given = headers(&[("connection", connection), ("upgrade", upgrade)]);
            assert_eq!(
                asks_for_websocket(&given),
                expected,
                "{connection} {upgrade}"
            );
        }
    }

    #[test]
    fn te_trailers_is_kept() {
        let given = headers(&[("te", "gzip, Trailers"), ("x", "1")]);
        let expected = ["x: 1", "connection: TE", "te: trailers"];
        assert_eq!(lines(&without(given)), expected);
        let given = headers(&[("te", "gzip"), ("x", "1")]);
        assert_eq!(lines(&without(given)), ["x: 1"]);
    }
}
