//! What a program adds to the gateway.

use std::sync::{Arc, Mutex, mpsc};

use bytes::Bytes;
use http::{Response, StatusCode};
use seedance_mock::{Exchange, Fault, OwnPage, Scenario, task_id};

use super::{builder, get, plain, query, result_url, send};

fn page(request: &http::request::Parts) -> Option<OwnPage> {
    match request.uri.path() {
        "/page" => Some(Box::new(|| Response::new(Bytes::from_static(b"own")))),
        "/broken" => Some(Box::new(|| panic!("this page cannot be made"))),
        _ => None,
    }
}

#[tokio::test]
async fn pages_come_before_the_gateway_and_are_not_logged() {
    let gateway = builder().own_pages(page).start().await.unwrap();
    let at = |path: &str| format!("{}{path}", gateway.base_url());
    let reply = get(&at("/page")).await.unwrap();
    assert_eq!((reply.status, reply.text().as_str()), (200, "own"));
    assert_eq!(reply.header("access-control-allow-origin"), "");
    let reply = send(plain().head(at("/page"))).await.unwrap();
    assert_eq!((reply.status, reply.body.len()), (200, 0));
    assert_eq!(get(&at("/broken")).await.unwrap().status, 500);
    assert_eq!(gateway.requests(), []);
    // Everything else is the gateway's.
    let reply = send(plain().post(at("/page"))).await.unwrap();
    assert_eq!(reply.status, 404);
    assert_eq!(get(&at("/")).await.unwrap().status, 404);
    assert_eq!(gateway.requests().len(), 2);
}

#[tokio::test]
async fn each_exchange_is_observed_as_the_client_saw_it() {
    let (sender, seen) = mpsc::channel();
    let sender = Arc::new(Mutex::new(sender));
    let gateway = builder().on_exchange(move |exchange: Exchange| {
        sender.lock().unwrap().send(exchange).unwrap();
    });
    let gateway = gateway.start().await.unwrap();
    let id = task_id(Scenario::Normal, 1);
    let reply = query(&gateway, &id).await.unwrap();
    let exchange = seen.recv().unwrap();
    assert_eq!(exchange.target, format!("/v1/video/generations/{id}"));
    assert_eq!(exchange.status, Some(StatusCode::OK));
    assert_eq!(exchange.body.unwrap(), reply.body);
    assert_eq!(exchange.headers["date"], reply.headers["date"]);
    assert!(exchange.request_headers.contains_key("authorization"));
    assert!(!exchange.is_cut_off);

    let url = result_url(&gateway, &id).await;
    get(&url).await;
    let last = seen.try_iter().last().unwrap();
    assert!(url.ends_with(&last.target) && last.target.contains('?'));
    assert_eq!((last.status, last.body), (Some(StatusCode::OK), None));

    let reply = query(&gateway, &task_id(Fault::Truncated, 1))
        .await
        .unwrap();
    let exchange = seen.recv().unwrap();
    assert!(exchange.is_cut_off && !reply.is_complete);
    assert_eq!(exchange.body.unwrap(), reply.body);

    assert!(query(&gateway, &task_id(Fault::Reset, 1)).await.is_none());
    assert_eq!(seen.recv().unwrap().status, None);
}
