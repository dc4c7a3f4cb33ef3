//! The client against real sockets on loopback.

mod answers;
mod api_errors;
mod connection;
mod first_contact;
mod key;
mod large_bodies;
mod rate_limit;
mod request;

use std::{error::Error as _, time::Duration};

use seedance_query::{Client, ClientBuilder, Error, QueryResponse, TaskId};

use seedance_testing::{
    files::{read, root},
    http_server::{Reply, Server},
    replies::{self, about_task},
};

const KEY: &str = "sk-test-0123456789abcdef";

pub(super) fn id() -> TaskId {
    "asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F".parse().unwrap()
}

pub(super) fn builder(url: &str) -> ClientBuilder {
    let builder = Client::builder().base_url(url).api_key(KEY);
    builder.timeout(Duration::from_secs(20))
}

pub(super) fn client(url: &str) -> Client {
    let builder = Client::builder().base_url(url).api_key(KEY);
    builder.timeout(Duration::from_secs(20)).build().unwrap()
}

pub(super) fn pending() -> Reply {
    replies::captured("pending-queued.http")
}

pub(super) async fn query(answer: Reply) -> Result<QueryResponse, Error> {
    let server = Server::always(answer).await;
    let outcome = client(&server.url).query(&id()).await;
    assert_eq!(server.requests().len(), 1, "nothing is retried");
    if let Err(error) = &outcome {
        let shown = format!("{error} {error:?} {:?}", error.source());
        assert!(
            !shown.contains(KEY) && !shown.contains("X-Tos-Signature"),
            "{shown}"
        );
    }
    outcome
}

pub(super) fn captured(name: &str) -> Vec<u8> {
    let body = read(&root().join("tests/captures").join(name)).bytes;
    about_task(id().as_str(), &body)
}

pub(super) fn drifted(name: &str) -> Vec<u8> {
    let body = read(&root().join("tests/drift").join(name)).bytes;
    about_task(id().as_str(), &body)
}
