//! Bodies that are far longer than a task.

use std::{
    sync::{Arc, Mutex},
    thread::{self, ThreadId},
};

use seedance_query::{ObservedExchange, TaskState};

use seedance_testing::{
    http_server::{Reply, Server},
    replies::ok,
};

use super::{builder, captured, id, query};

const MIB: usize = 1 << 20;

/// A finished task with an undocumented member that makes its body this long.
fn task_of(length: usize) -> Vec<u8> {
    let body = String::from_utf8(captured("normal-720p.http")).unwrap();
    let member = |padding: usize| format!("{{\"padding\":\"{}\",", "x".repeat(padding));
    let short = body.replacen('{', &member(0), 1);
    body.replacen('{', &member(length - short.len()), 1)
        .into_bytes()
}

#[tokio::test]
async fn a_body_is_read_up_to_4_mib() {
    let body = task_of(4 * MIB);
    let response = query(ok(&body)).await.unwrap();
    assert_eq!(response.body().len(), 4 * MIB);
    assert_eq!(response.view().state, TaskState::Succeeded);

    let error = query(ok(&task_of(4 * MIB + 1))).await.unwrap_err();
    assert!(error.is_not_understood(), "{error}");
    let kept = error.body().unwrap().len();
    assert!(kept <= 4 * MIB, "{kept}");
    assert_eq!(
        error.to_string(),
        format!("the body is too long for a task: reading stopped after {kept} bytes")
    );
}

#[tokio::test]
async fn a_body_without_end_is_cut_off() {
    let head = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    let error = query(Reply::close([head, vec![b' '; 65 * MIB]].concat()))
        .await
        .unwrap_err();
    assert!(error.is_not_understood(), "{error}");
    assert!(error.body().unwrap().len() <= 4 * MIB);
}

#[tokio::test]
async fn the_limit_is_an_option() {
    let server = Server::always(ok(&task_of(5 * MIB))).await;
    let generous = builder(&server.url)
        .max_body_bytes(6 * MIB)
        .build()
        .unwrap();
    let response = generous.query(&id()).await.unwrap();
    assert_eq!(response.view().state, TaskState::Succeeded);
    let strict = builder(&server.url).max_body_bytes(1000).build().unwrap();
    let error = strict.query(&id()).await.unwrap_err();
    assert!(error.body().unwrap().len() <= 1000, "{error}");
    let nothing = builder(&server.url).max_body_bytes(0).build().unwrap();
    let error = nothing.query(&id()).await.unwrap_err();
    assert!(error.body().unwrap().is_empty(), "{error}");
}

#[tokio::test(flavor = "current_thread")]
async fn a_large_body_is_validated_off_the_async_thread() {
    for (length, is_elsewhere) in [(200 << 10, false), (2 * MIB, true)] {
        let server = Server::always(ok(&task_of(length))).await;
        // Observers are called where the body was validated.
        let seen = Arc::<Mutex<Option<ThreadId>>>::default();
        let thread = Arc::clone(&seen);
        let observer = move |_: &ObservedExchange<'_>| {
            *thread.lock().unwrap() = Some(thread::current().id());
        };
        let client = builder(&server.url).observer(observer).build().unwrap();
        let response = client.query(&id()).await.unwrap();
        assert_eq!(response.view().state, TaskState::Succeeded);
        let seen = seen.lock().unwrap().unwrap();
        assert_eq!(seen != thread::current().id(), is_elsewhere, "{length}");
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_panic_of_an_observer_is_the_callers_also_from_another_thread() {
    let server = Server::always(ok(&task_of(2 * MIB))).await;
    let observer = |_: &ObservedExchange<'_>| panic!("the observer is broken");
    let client = builder(&server.url).observer(observer).build().unwrap();
    let query = tokio::spawn(async move { client.query(&id()).await });
    let panic = query.await.unwrap_err().into_panic();
    assert_eq!(
        panic.downcast_ref::<&str>(),
        Some(&"the observer is broken")
    );
}
