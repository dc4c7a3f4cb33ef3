//! Who can read the pages of a mock.

use seedance_mock::{DEFAULT_KEY, Gateway};
use seedance_testing::http_client;

use super::{exchanges, mock};

async fn ask(gateway: &Gateway, path: &str, headers: &[(&str, &str)]) -> (u16, bool, String) {
    let url = format!("{}{path}", gateway.base_url());
    let mut request = http_client::client().get(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = request.send().await.unwrap();
    let headers = response.headers();
    let is_for_all = headers.contains_key("access-control-allow-origin");
    let status = response.status().as_u16();
    (status, is_for_all, response.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_browser_at_this_machine_is_shown_the_page() {
    let gateway = mock().await;
    let browser = ("accept", "text/html,*/*;q=0.8");
    let (status, is_for_all, page) = ask(&gateway, "/", &[browser]).await;
    assert!(status == 200 && page.starts_with("<!doctype html>"));
    assert!(!is_for_all, "pages of other origins can read it");
    for host in ["evil.example", "mock:8080"] {
        for path in [
            "/",
            "/_playground/exchanges.json",
            "/_playground/settings.json",
        ] {
            let (status, _, text) = ask(&gateway, path, &[browser, ("host", host)]).await;
            assert!(
                status == 403 && !text.contains(DEFAULT_KEY),
                "{host} {path}: {text}"
            );
        }
    }
    assert_eq!(
        gateway.request_count(),
        0,
        "pages are no requests to the gateway"
    );

    // Another client is told what the gateway has, as before.
    let (status, is_for_all, text) = ask(&gateway, "/", &[("accept", "application/json")]).await;
    assert!(status == 404 && is_for_all);
    assert!(text.contains("POST /v1/video/generations"), "{text}");
    assert_eq!(gateway.request_count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_data_of_the_page_are_for_no_other_origin() {
    let gateway = mock().await;
    for path in ["/_playground/exchanges.json", "/_playground/settings.json"] {
        let elsewhere = [("origin", "https://evil.example")];
        let (status, is_for_all, _) = ask(&gateway, path, &elsewhere).await;
        assert!(status == 200 && !is_for_all, "{path}");
    }
    assert_eq!(exchanges(&gateway, 0).await.0, 0);
}
