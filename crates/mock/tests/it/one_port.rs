//! All at one port: what clients in any language need, pages in a browser among them.

use seedance_mock::{Gateway, Origin, Scenario, Video, task_id};
use seedance_query::{Client, Outcome, Submission};
use serde_json::json;

use super::{LIFE, Reply, builder, client, get, plain, query, result_url, send};

async fn one_port() -> Gateway {
    builder().one_port().opaque_ids().start().await.unwrap()
}

async fn submit(gateway: &Gateway, prompt: &str) -> Reply {
    let content = json!([{ "type": "text", "text": prompt }]);
    let request = json!({ "model": "seedance-fast", "content": content });
    let url = format!("{}/v1/video/generations", gateway.base_url());
    let post = plain().post(url).bearer_auth(gateway.api_key());
    send(post.body(request.to_string())).await.unwrap()
}

#[tokio::test]
async fn a_client_submits_waits_and_downloads_at_one_port() {
    let gateway = builder().one_port().opaque_ids().speed(500.0);
    let gateway = gateway.start().await.unwrap();
    assert_eq!(gateway.storage_url(), gateway.base_url());
    let client: Client = client(&gateway);
    let content = json!([{ "type": "text", "text": "a boat" }]);
    let request = json!({ "model": "seedance-fast", "content": content });
    let request = Submission::from_json(request.to_string()).unwrap();
    let submitted = client.submit(&request).await.unwrap();
    let id = submitted.task_id();
    assert_eq!(submitted.report().findings(), []);
    let letters = id.as_str().strip_prefix("asyntask_").unwrap();
    assert_eq!((letters.len(), Scenario::of(id)), (32, None));
    let request_id = submitted.request_id().unwrap();
    assert!(
        request_id.len() > 30 && request_id.starts_with("20"),
        "{request_id}"
    );
    let Outcome::Succeeded(task) = client.wait(id).await.unwrap() else {
        panic!("the task does not succeed");
    };
    let directory = tempfile::TempDir::new().unwrap();
    let saved = client
        .download(id, task.result_url())
        .into_dir(directory.path())
        .await
        .unwrap();
    assert_eq!(saved.sha256, gateway.sha256(id, Video::Result));
    let last = gateway.requests().pop().unwrap();
    assert_eq!((last.origin, last.status), (Origin::Storage, Some(200)));
}

#[tokio::test]
async fn urls_follow_the_host_that_the_client_asks() {
    let gateway = one_port().await;
    let id = task_id(Scenario::SuperResolution, 1);
    let at = gateway.base_url().trim_start_matches("http://");
    result_url(&gateway, &id).await;
    let url = format!("{}/v1/video/generations/{id}", gateway.base_url());
    for (host, expected) in [
        ("mock.example:8080", "http://mock.example:8080/"),
        ("[::1]:80", "http://[::1]:80/"),
        // No host: the gateway's own address.
        ("a@b", &format!("http://{at}/")),
    ] {
        let request = plain().get(&url).bearer_auth(gateway.api_key());
        let row = send(request.header("host", host)).await.unwrap().json()["data"].clone();
        for url in [
            &row["result_url"],
            &row["original_result_url"],
            &row["data"]["content"]["video_url"],
        ] {
            assert!(url.as_str().unwrap().starts_with(expected), "{url}");
        }
    }

    let public = "https://tunnel.example/mock/".parse().unwrap();
    let gateway = builder().one_port().public_url(&public);
    let gateway = gateway.start().await.unwrap();
    let url = result_url(&gateway, &id).await;
    assert!(
        url.starts_with("https://tunnel.example/mock/enhanced/"),
        "{url}"
    );
}

#[tokio::test]
async fn a_page_of_another_origin_may_ask_and_read() {
    let gateway = one_port().await;
    let id = task_id(Scenario::Normal, 1);
    let url = result_url(&gateway, &id).await;
    let query_url = format!("{}/v1/video/generations/{id}", gateway.base_url());
    for target in [&url, &query_url] {
        let preflight = plain()
            .request(http::Method::OPTIONS, target)
            .header("origin", "https://app.example")
            .header("access-control-request-method", "GET")
            .header("access-control-request-headers", "authorization,x-mine")
            .header("access-control-request-private-network", "true");
        let reply = send(preflight).await.unwrap();
        assert_eq!(reply.status, 204, "no key is needed");
        assert_eq!(reply.header("access-control-allow-origin"), "*");
        assert_eq!(
            reply.header("access-control-allow-headers"),
            "authorization,x-mine"
        );
        assert_eq!(reply.header("access-control-allow-private-network"), "true");
        let methods = reply.header("access-control-allow-methods");
        assert!(methods.contains("GET") && methods.contains("POST"));
    }
    let exposed = |reply: &Reply| reply.header("access-control-expose-headers").to_owned();
    let mut replies = vec![
        query(&gateway, &id).await.unwrap(),
        get(&query_url).await.unwrap(),
        get(&format!("{}/nothing", gateway.base_url()))
            .await
            .unwrap(),
        submit(&gateway, "a boat").await,
    ];
    for reply in &replies {
        assert!(!reply.header("x-oneapi-request-id").is_empty());
    }
    replies.push(get(&url).await.unwrap());
    for reply in &replies {
        assert_eq!(reply.header("access-control-allow-origin"), "*");
        let exposed = exposed(reply);
        for name in ["x-oneapi-request-id", "retry-after", "content-range"] {
            assert!(exposed.contains(name), "{exposed}");
        }
    }
}

#[tokio::test]
async fn head_tells_what_get_would() {
    let gateway = one_port().await;
    let id = task_id(Scenario::Normal, 1);
    let url = result_url(&gateway, &id).await;
    let query_url = format!("{}/v1/video/generations/{id}", gateway.base_url());
    for url in [url, query_url] {
        let with_key = |request: reqwest::RequestBuilder| request.bearer_auth(gateway.api_key());
        let whole = send(with_key(plain().get(&url))).await.unwrap();
        let head = send(with_key(plain().head(&url))).await.unwrap();
        assert_eq!((head.status, head.body.len()), (200, 0));
        assert_eq!(head.header("content-length"), whole.body.len().to_string());
        assert_eq!(head.header("content-type"), whole.header("content-type"));
    }
}

#[tokio::test]
async fn a_redirect_stays_at_the_port() {
    let gateway = one_port().await;
    let prompted = submit(&gateway, "a boat [redirect]").await.json();
    let id = prompted["task_id"].as_str().unwrap().parse().unwrap();
    gateway.advance(LIFE);
    let url = result_url(&gateway, &id).await;
    let reply = get(&url).await.unwrap();
    assert_eq!(reply.status, 302);
    let target = reply.header("location");
    assert!(
        target.starts_with(&format!("{}/elsewhere/", gateway.base_url())),
        "{target}"
    );
    let reply = get(target).await.unwrap();
    assert_eq!(reply.body, gateway.video(&id, Video::Result));
    let last = gateway.requests().pop().unwrap();
    assert_eq!((last.origin, last.task_id), (Origin::Elsewhere, Some(id)));
}
