//! Submitting tasks: what is refused before it is sent, and what became of what was.

mod acceptance;
mod limits;

use seedance_query::{Client, Submission};

const KEY: &str = "sk-test-0123456789abcdef";

fn client(url: &str) -> Client {
    Client::builder()
        .base_url(url)
        .api_key(KEY)
        .build()
        .unwrap()
}

fn submission() -> Submission {
    let request = br#"{"model":"seedance-fast","content":[{"type":"text","text":"a boat"}]}"#;
    Submission::from_json(*request).unwrap()
}
