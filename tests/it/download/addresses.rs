//! Addresses that a URL must not lead to. No connection is made to any of them.

use super::*;

/// A gateway with the video itself, whose task has this URL.
async fn gateway_with_video(url: &str, bytes: &[u8]) -> Server {
    let served = bytes.to_vec();
    gateway_with_content(url.to_owned(), move |_| response("200 OK", "", &served)).await
}

#[tokio::test]
async fn a_url_that_leads_into_another_network_is_not_requested() {
    let bytes = video(50_000, 0);
    for url in [
        "http://169.254.169.254/latest/meta-data/?X-Tos-Signature=5ec2e75ec2e7",
        "http://[fd00:ec2::254]/latest?X-Tos-Signature=5ec2e75ec2e7",
        "http://10.0.0.1/v.mp4?X-Tos-Signature=5ec2e75ec2e7",
        "http://192.168.1.1/v.mp4?X-Tos-Signature=5ec2e75ec2e7",
        "http://[::ffff:169.254.169.254]/v.mp4?X-Tos-Signature=5ec2e75ec2e7",
        "http://0xa9fea9fe/v.mp4?X-Tos-Signature=5ec2e75ec2e7",
    ] {
        // The gateway stands in for it.
        let gateway = gateway_with_video(url, &bytes).await;
        let directory = TempDir::new().unwrap();
        let begun = Instant::now();
        let downloaded = of_url(&client(&gateway.url), url, directory.path()).await;
        assert_placed(&downloaded.unwrap(), directory.path(), &bytes);
        assert_eq!(counts(&gateway), (1, 1), "{url}");

        // Without a stand-in, the error says why.
        let gateway = super::gateway(url.to_owned()).await;
        let directory = TempDir::new().unwrap();
        let error = fail(of_url(&client(&gateway.url), url, directory.path())).await;
        assert!(error.is_unusable_url() && !error.is_retryable(), "{error}");
        assert!(
            error.to_string().contains("where the gateway is not"),
            "{error}"
        );
        assert!(
            begun.elapsed() < Duration::from_secs(5),
            "nothing is connected to"
        );
    }
}

#[tokio::test]
async fn a_redirect_must_not_lead_there_either() {
    let bytes = video(50_000, 0);
    let location = "Location: http://169.254.169.254/latest?X-Tos-Signature=5ec2e75ec2e7\r\n";
    let store = Server::always(response("302 Found", location, b"")).await;
    let url = signed(&store.url);
    let gateway = gateway_with_video(&url, &bytes).await;
    let directory = TempDir::new().unwrap();
    let downloaded = of_url(&client(&gateway.url), &url, directory.path()).await;
    assert_placed(&downloaded.unwrap(), directory.path(), &bytes);
}
