//! What a crate that depends on the library can do with its types.

use std::{error::Error as StdError, fmt::Debug, str::FromStr};

use seedance_query::{
    ApiKey, Client, ClientBuilder, ClientWarning, Download, DownloadError, Downloaded, Error,
    ErrorPolicy, Finding, InvalidApiKey, InvalidTaskId, Observation, Outcome, QueryResponse,
    Report, ResultUrl, RetryAfter, Rule, SensitiveString, Severity, Shape, StatusChange, TaskId,
    TaskState, TaskView, Verdict, Wait, WaitError, WaitEvent, WaitPolicy, WaitSnapshot, Watch,
    types,
};
use serde::{Serialize, de::DeserializeOwned};

fn is_value<T: Clone + Debug + Send + Sync + 'static>() {}
fn is_error<T: StdError + Send + Sync + 'static>() {}
fn is_serialized<T: Serialize>() {}
fn is_read_back<T: Serialize + DeserializeOwned>() {}
fn is_parsed<T: FromStr<Err: StdError>>() {}
fn is_text<T: AsRef<str> + ToString>() {}
fn is_sent<T: Debug + Send + 'static>() {}

#[test]
fn values_are_cloned_shown_and_sent() {
    is_value::<ApiKey>();
    is_value::<Client>();
    is_value::<ClientBuilder>();
    is_value::<ClientWarning>();
    is_value::<Observation>();
    is_value::<Outcome>();
    is_value::<QueryResponse>();
    is_value::<Report>();
    is_value::<ResultUrl>();
    is_value::<SensitiveString>();
    is_value::<TaskId>();
    is_value::<TaskView>();
    is_value::<Wait>();
    is_value::<WaitPolicy>();
    is_value::<WaitSnapshot>();
    is_value::<Watch>();
    is_value::<types::Task>();
    is_sent::<Download>();
    is_sent::<Downloaded>();
    is_sent::<WaitEvent>();
}

#[test]
fn errors_are_boxed_and_sent() {
    is_error::<Error>();
    is_error::<WaitError>();
    is_error::<DownloadError>();
    is_error::<InvalidApiKey>();
    is_error::<InvalidTaskId>();
}

#[test]
fn what_is_stored_or_printed_is_serialized() {
    is_serialized::<ClientWarning>();
    is_serialized::<Finding>();
    is_serialized::<Report>();
    is_serialized::<RetryAfter>();
    is_serialized::<Rule>();
    is_serialized::<Severity>();
    is_serialized::<Shape>();
    is_serialized::<StatusChange>();
    is_serialized::<TaskState>();
    is_serialized::<Verdict>();
    is_read_back::<ErrorPolicy>();
    is_read_back::<TaskId>();
    is_read_back::<WaitPolicy>();
    is_read_back::<WaitSnapshot>();
    is_read_back::<types::TaskQueryResponse>();
}

#[test]
fn what_people_write_is_parsed() {
    is_parsed::<ApiKey>();
    is_parsed::<TaskId>();
    is_text::<TaskId>();
}

#[test]
fn the_types_of_other_crates_in_signatures_are_re_exported() {
    // As a crate writes it that does not depend on `bytes`, `http` or `reqwest` itself.
    let name = seedance_query::http::HeaderName::from_static("x-region");
    let value = seedance_query::http::HeaderValue::from_static("eu");
    let configure = |http: seedance_query::reqwest::ClientBuilder| http.tcp_nodelay(true);
    let client = Client::builder()
        .base_url("http://127.0.0.1:9")
        .api_key("sk-test-0123456789")
        .header(name, value)
        .configure_http(configure)
        .build();
    assert!(client.is_ok());
    let _: fn(&QueryResponse) -> &seedance_query::bytes::Bytes = QueryResponse::body;
    let _: fn(&Error) -> Option<seedance_query::http::StatusCode> = Error::status;
}
