//! Downloads: URLs and their end, ranges, and connections that break.

use std::time::Duration;

use http::header;
use seedance_mock::{Fault, Origin, Scenario, Video, task_id};
use seedance_query::{Rule, validate_response};

use super::{builder, get, plain, query, result_url, send};

#[tokio::test]
async fn ranges_are_served_as_http_defines_them() {
    let gateway = builder().start().await.unwrap();
    let id = task_id(Scenario::Normal, 1);
    let url = result_url(&gateway, &id).await;
    let video = gateway.video(&id, Video::Result);
    let length = video.len();

    let whole = get(&url).await.unwrap();
    assert_eq!((whole.status, whole.body == video), (200, true));
    assert_eq!(whole.header("content-type"), "video/mp4");
    assert_eq!(whole.header("accept-ranges"), "bytes");
    let (tag, modified) = (whole.header("etag"), whole.header("last-modified"));
    assert!(tag.starts_with('"') && tag.ends_with('"'), "{tag}");

    let ask = |range: &str, condition: Option<&str>| {
        let mut request = plain().get(&url).header(header::RANGE, range);
        if let Some(condition) = condition {
            request = request.header(header::IF_RANGE, condition);
        }
        send(request)
    };
    let last = length - 1;
    for (range, start, end) in [
        ("bytes=0-", 0, length),
        ("bytes=100-", 100, length),
        ("bytes=5000-5999", 5000, 6000),
        ("bytes=100-99999999", 100, length),
    ] {
        for condition in [None, Some(tag), Some(modified)] {
            let reply = ask(range, condition).await.unwrap();
            assert_eq!(reply.status, 206, "{range}");
            assert!(reply.body == video[start..end], "{range}");
            let expected = format!("bytes {start}-{}/{length}", end.min(last + 1) - 1);
            assert_eq!(reply.header("content-range"), expected);
            assert_eq!(reply.header("etag"), tag);
        }
    }
    let reply = ask("bytes=100-", Some("\"another\"")).await.unwrap();
    assert_eq!((reply.status, reply.body.len()), (200, length));
    let reply = ask(&format!("bytes={length}-"), None).await.unwrap();
    assert_eq!(reply.status, 416);
    assert_eq!(reply.header("content-range"), format!("bytes */{length}"));

    let head = send(plain().head(&url)).await.unwrap();
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), length.to_string());
    let reply = send(plain().post(&url)).await.unwrap();
    assert_eq!(reply.status, 405);

    let logged = gateway.requests();
    let ranged = logged.iter().filter(|request| request.range.is_some());
    assert_eq!(ranged.count(), 14);
    assert!(
        logged.iter().all(|request| request.is_complete),
        "{logged:#?}"
    );
    assert!(
        logged
            .iter()
            .all(|request| request.task_id.as_ref() == Some(&id))
    );
}

#[tokio::test]
async fn only_a_whole_and_unexpired_signature_opens_the_storage() {
    let gateway = builder().start().await.unwrap();
    let id = task_id(Scenario::Normal, 1);
    let url = result_url(&gateway, &id).await;
    let other = task_id(Scenario::Normal, 2);
    for wrong in [
        url.split('?').next().unwrap().to_owned(),
        url.replace("X-Tos-Expires=86400", "X-Tos-Expires=864000"),
        url.replace(id.as_str(), other.as_str()),
        url.replace("X-Tos-Signature=", "X-Tos-Signature=0"),
    ] {
        assert_ne!(wrong, url);
        let reply = get(&wrong).await.unwrap();
        assert_eq!(reply.status, 403);
        assert!(
            reply.text().contains("<Code>AccessDenied</Code>"),
            "{}",
            reply.text()
        );
    }
    let reply = get(&format!("{}/other.mp4", gateway.storage_url()))
        .await
        .unwrap();
    assert_eq!(reply.status, 404);
    let reply = send(plain().get(&url).bearer_auth(gateway.api_key()))
        .await
        .unwrap();
    assert_eq!(reply.status, 400);
    assert!(
        gateway.requests().last().unwrap().has_right_key,
        "it is logged"
    );
    assert_eq!(get(&url).await.unwrap().status, 200);

    gateway.step_clock(86_400);
    let reply = get(&url).await.unwrap();
    assert_eq!(reply.status, 403);
    assert!(reply.text().contains("expired"), "{}", reply.text());
    let fresh = result_url(&gateway, &id).await;
    assert_ne!(fresh, url);
    assert_eq!(get(&fresh).await.unwrap().status, 200);
    // Until it expires, a URL is given again.
    assert_eq!(result_url(&gateway, &id).await, fresh);
}

#[tokio::test]
async fn the_time_of_day_is_everywhere_the_same() {
    let gateway = builder().start().await.unwrap();
    gateway.step_clock(-400 * 86_400);
    let now = std::time::SystemTime::now();
    let reply = query(&gateway, &task_id(Scenario::Stuck, 1)).await.unwrap();
    let date = httpdate::parse_http_date(reply.header("date")).unwrap();
    let behind = now.duration_since(date).unwrap().as_secs();
    assert!(behind.abs_diff(400 * 86_400) < 60, "{date:?}");
    let submitted = reply.json()["data"]["submit_time"].as_u64().unwrap();
    let since = date
        .duration_since(std::time::SystemTime::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    assert!(since.abs_diff(submitted) < 60, "{since} {submitted}");
    let report = validate_response(200, &reply.body);
    assert!(report.findings().is_empty(), "{report:?}");
}

#[tokio::test]
async fn a_budget_is_spent_by_requests() {
    let gateway = builder().request_budget(2).start().await.unwrap();
    let id = task_id(Scenario::Normal, 1);
    let url = result_url(&gateway, &id).await;
    assert!(url.contains("&X-Tos-Max-Requests=2&"), "{url}");
    let body = query(&gateway, &id).await.unwrap().body;
    let report = validate_response(200, &body);
    assert!(
        report
            .findings()
            .iter()
            .any(|finding| finding.rule == Rule::RequestBudget)
    );
    assert_eq!(send(plain().head(&url)).await.unwrap().status, 200);
    assert_eq!(get(&url).await.unwrap().status, 200);
    assert_eq!(result_url(&gateway, &id).await, url);
    assert_eq!(get(&url).await.unwrap().status, 403);
    let fresh = result_url(&gateway, &id).await;
    assert_eq!(get(&fresh).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_long_video_is_made_as_it_is_read() {
    let length = 1 << 38;
    let gateway = builder().video_bytes(length).start().await.unwrap();
    let id = task_id(Scenario::Normal, 1);
    let url = result_url(&gateway, &id).await;
    let middle = length / 2;
    let ask = |range| send(plain().get(&url).header(header::RANGE, range));
    let reply = ask(format!("bytes={middle}-{}", middle + 99_999))
        .await
        .unwrap();
    assert_eq!((reply.status, reply.body.len()), (206, 100_000));
    let again = ask(format!("bytes={}-{}", middle + 50_000, middle + 50_099))
        .await
        .unwrap();
    assert_eq!(again.body, reply.body[50_000..50_100]);
    assert_eq!(gateway.video_length(&id, Video::Result), length);
}

#[tokio::test]
async fn a_pace_is_kept() {
    let gateway = builder()
        .video_bytes(20_000)
        .bytes_per_second(40_000)
        .start()
        .await
        .unwrap();
    let url = result_url(&gateway, &task_id(Scenario::Normal, 1)).await;
    let start = std::time::Instant::now();
    assert_eq!(get(&url).await.unwrap().body.len(), 20_000);
    let took = start.elapsed();
    assert!(took > Duration::from_millis(400), "{took:?}");
}

#[tokio::test]
async fn a_reset_is_one_that_the_client_sees() {
    let gateway = builder().start().await.unwrap();
    let id = task_id(Fault::ResetEach64k, 1);
    let url = result_url(&gateway, &id).await;
    let video = gateway.video(&id, Video::Result);
    let mut got = Vec::new();
    let mut resets = 0;
    while got.len() < video.len() {
        let range = format!("bytes={}-", got.len());
        let mut response = plain()
            .get(&url)
            .header(header::RANGE, range)
            .send()
            .await
            .unwrap();
        let error = loop {
            match response.chunk().await {
                Ok(Some(bytes)) => got.extend_from_slice(&bytes),
                Ok(None) => break None,
                Err(error) => break Some(error),
            }
        };
        if let Some(error) = error {
            let mut cause: &dyn std::error::Error = &error;
            while let Some(source) = cause.source() {
                cause = source;
            }
            let io = cause
                .downcast_ref::<std::io::Error>()
                .expect("an error of the socket");
            assert_eq!(io.kind(), std::io::ErrorKind::ConnectionReset);
            resets += 1;
        }
    }
    assert!(got == video);
    assert_eq!(resets, 3);
    let requests = gateway.requests();
    let sent: Vec<u64> = requests
        .iter()
        .filter(|request| request.origin == Origin::Storage)
        .map(|request| request.body_bytes)
        .collect();
    assert_eq!(sent, [65_536; 4]);
}

#[tokio::test]
async fn failures_of_the_storage_come_at_the_rate_that_is_asked_for() {
    let gateway = builder().failure_rate(0.5, 3).start().await.unwrap();
    // The gateway fails as well: only whole answers count.
    let id = task_id(Scenario::Normal, 1);
    let url = loop {
        let Some(reply) = query(&gateway, &id).await else {
            continue;
        };
        let Ok(body) = serde_json::from_slice::<serde_json::Value>(&reply.body) else {
            continue;
        };
        if let Some(url) = body["data"]["result_url"].as_str() {
            break url.to_owned();
        }
        gateway.advance(super::LIFE);
    };
    let (mut none, mut unavailable, mut broken, mut fine) = (0, 0, 0, 0);
    for _ in 0..40 {
        match get(&url).await {
            None => none += 1,
            Some(reply) if reply.status == 503 => unavailable += 1,
            Some(reply) if !reply.is_complete => broken += 1,
            Some(reply) => {
                assert_eq!(reply.status, 200);
                fine += 1;
            }
        }
    }
    assert!(none > 0 && unavailable > 0 && broken > 0 && (10..31).contains(&fine));
}
