//! The page's server side, on sockets.

mod exchanges;
mod pages;

use std::net::{Ipv4Addr, SocketAddr};

use seedance_mock::{DEFAULT_KEY, Gateway, GatewayBuilder};
use seedance_playground::{Backend, Playground};
use seedance_testing::http_client;
use serde_json::Value;

/// A mock with the page, whose clock the test moves.
async fn mock() -> Gateway {
    start(Gateway::builder().speed(0.0).one_port()).await
}

async fn start(builder: GatewayBuilder) -> Gateway {
    let playground = Playground::new(&Backend::mock(Some(DEFAULT_KEY))).unwrap();
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    playground.in_mock(builder, listen).start().await.unwrap()
}

/// The body of an answer that needs the key; empty if none came.
async fn get(gateway: &Gateway, path: &str) -> Vec<u8> {
    let url = format!("{}{path}", gateway.base_url());
    let request = http_client::client().get(url).bearer_auth(DEFAULT_KEY);
    match request.send().await {
        Ok(response) => response.bytes().await.unwrap_or_default().to_vec(),
        Err(_) => Vec::new(),
    }
}

/// The exchanges after a number, and the number of the latest.
async fn exchanges(gateway: &Gateway, after: u64) -> (u64, Vec<Value>) {
    let path = format!("/_playground/exchanges.json?after={after}");
    let mut json: Value = serde_json::from_slice(&get(gateway, &path).await).unwrap();
    let Value::Array(exchanges) = json["exchanges"].take() else {
        panic!("{json}");
    };
    (json["latest"].as_u64().unwrap(), exchanges)
}
