//! Tests a client against a gateway on loopback: a task whose first two queries are refused.
//!
//! `cargo run -p seedance-mock --example gateway`

use std::time::Duration;

use seedance_mock::{Fault, Gateway, task_id};
use seedance_query::Client;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The clock of this gateway stands still until `advance`, and its `Retry-After` is 0 s.
    let gateway = Gateway::builder().speed(0.0).retry_after(Duration::ZERO);
    let gateway = gateway.start().await?;
    let client = Client::builder()
        .base_url(gateway.base_url())
        .api_key(gateway.api_key())
        .build()?;
    let id = task_id(Fault::RateLimited, 1);
    for _ in 0..3 {
        match client.query(&id).await {
            Ok(response) => println!("{}", response.view().state),
            Err(error) => println!("{error} (retryable: {})", error.is_retryable()),
        }
    }
    gateway.advance(Duration::from_mins(5));
    println!("{}", client.query(&id).await?.view().state);
    for request in gateway.requests() {
        println!("{} {} {:?}", request.method, request.path, request.status);
    }
    Ok(())
}
