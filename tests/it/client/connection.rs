//! Connections that fail, break off or lead elsewhere.

use std::{error::Error as _, time::Duration};

use seedance_query::Client;

use seedance_testing::{
    http_server::{Reply, Server},
    replies::{ok, response},
};

use super::{KEY, builder, captured, client, id, query};

#[tokio::test]
async fn no_connection() {
    // A port that was free a moment ago, and that nobody listens on.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = client(&format!("http://{address}"))
        .query(&id())
        .await
        .unwrap_err();
    assert!(error.is_connect() && error.is_retryable(), "{error:?}");
    assert_eq!(
        error.to_string(),
        format!("no connection to http://{address}")
    );
    assert!(error.source().is_some());
    assert_eq!((error.body(), error.status()), (None, None));
}

#[tokio::test]
async fn no_answer_in_time() {
    let server = Server::always(Reply::silence()).await;
    let builder = Client::builder().base_url(&server.url).api_key(KEY);
    let client = builder.timeout(Duration::from_millis(200)).build().unwrap();
    let error = client.query(&id()).await.unwrap_err();
    assert!(error.is_timeout() && error.is_retryable(), "{error:?}");
    assert!(
        error.to_string().ends_with("did not answer in time"),
        "{error}"
    );
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_kept_as_far_as_it_came() {
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"code\":";
    for answer in [Reply::reset(head.to_vec()), Reply::close(head.to_vec())] {
        let error = query(answer).await.unwrap_err();
        assert!(error.is_interrupted() && error.is_retryable(), "{error:?}");
        assert_eq!(error.body().unwrap().as_ref(), b"{\"code\":");
        assert!(
            error.to_string().contains("was cut off after 8 bytes"),
            "{error}"
        );
    }
    let error = query(Reply::close(Vec::new())).await.unwrap_err();
    assert!(error.is_interrupted(), "{error:?}");
}

#[tokio::test]
async fn the_key_does_not_follow_a_redirect() {
    let other = Server::always(ok(&captured("normal-720p.http"))).await;
    let location = format!("Location: {}/elsewhere\r\n", other.url);
    let error = query(response("302 Found", &location, b""))
        .await
        .unwrap_err();
    assert!(error.is_api());
    assert_eq!(error.status().unwrap(), 302);
    assert_eq!(
        error.to_string(),
        format!(
            "HTTP 302: a redirect to {}/elsewhere, which is not followed: the API key stays with \
             the gateway; if the gateway has moved, use its new base URL",
            other.url
        )
    );
    assert!(other.requests().is_empty());

    // Whatever the caller configures: a redirect is followed by nobody, and no referrer is sent.
    let server = Server::always(response("302 Found", &location, b"")).await;
    let builder = Client::builder().base_url(&server.url).api_key(KEY);
    let builder = builder.configure_http(|http| {
        let follow = reqwest::redirect::Policy::limited(10);
        http.redirect(follow).referer(true)
    });
    let error = builder.build().unwrap().query(&id()).await.unwrap_err();
    assert_eq!(error.status().unwrap(), 302);
    assert!(other.requests().is_empty());
}

#[tokio::test]
async fn a_base_url_with_the_wrong_scheme_is_named() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    // Whatever comes, it is answered so.
    async fn port(answer: &'static [u8]) -> u16 {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let _ = stream.read(&mut [0; 1024]).await;
                let _ = stream.write_all(answer).await;
                let _ = stream.shutdown().await;
            }
        });
        port
    }
    let plain = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
    let alert = b"\x15\x03\x01\x00\x02\x02\x46";
    let page = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 48\r\n\r\nClient sent an HTTP request to an HTTPS server.\n\n";
    for (scheme, answer, hint) in [
        (
            "https",
            &plain[..],
            "does not speak TLS there; write the base URL with http://",
        ),
        (
            "http",
            &alert[..],
            "does not speak HTTP there; write the base URL with https://",
        ),
        ("http", &page[..], "write the base URL with https://"),
    ] {
        let url = format!("{scheme}://127.0.0.1:{}", port(answer).await);
        let error = builder(&url)
            .build()
            .unwrap()
            .query(&id())
            .await
            .unwrap_err();
        assert!(error.to_string().contains(hint), "{url}: {error} {error:?}");
    }
}
