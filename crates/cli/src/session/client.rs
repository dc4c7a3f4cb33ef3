//! The client that arguments and environment ask for.

use std::num::NonZeroU32;

use seedance_query::{Client, ClientBuilder, Error, TaskId, WaitPolicy, capture::Recorder};

use super::recording;
use crate::{
    arguments::{GatewayArguments, WaitingArguments},
    output::{complain, print_query_error},
};

/// How many answers have to say that the upstream has ended.
const UPSTREAM_ANSWERS: u32 = 3;

fn client(
    arguments: &GatewayArguments,
    recorder: Option<Recorder>,
    rate: Option<NonZeroU32>,
) -> Result<Client, Error> {
    let mut builder = ClientBuilder::from_env().timeout(arguments.timeout);
    if let Some(recorder) = recorder {
        builder = builder.observer(recording::observer(recorder));
    }
    if let Some(bytes) = arguments.max_body {
        builder = builder.max_body_bytes(usize::try_from(bytes).unwrap_or(usize::MAX));
    }
    if let Some(base_url) = &arguments.base_url {
        builder = builder.base_url(base_url);
    }
    if let Some(rate) = rate {
        builder = builder.requests_per_second(rate);
    }
    builder.build()
}

/// The client, or none after printing why.
pub(crate) fn client_or_complain(arguments: &GatewayArguments) -> Option<Client> {
    limited_client_or_complain(arguments, None)
}

/// The same with a maximum number of queries a second.
pub(crate) fn limited_client_or_complain(
    arguments: &GatewayArguments,
    rate: Option<NonZeroU32>,
) -> Option<Client> {
    let recorder = recording::recorder_or_complain(&arguments.record)?;
    let client = client(arguments, recorder, rate)
        .inspect_err(print_query_error)
        .ok()?;
    for warning in client.warnings() {
        complain(&format!("warning: {warning}"));
    }
    Some(client)
}

/// The id, or none after printing why.
pub(crate) fn id_or_complain(text: &str) -> Option<TaskId> {
    TaskId::from_input(text)
        .inspect_err(|error| complain(&format!("{error}")))
        .ok()
}

pub(crate) fn policy(arguments: &WaitingArguments) -> WaitPolicy {
    WaitPolicy::default()
        .timeout(arguments.wait_timeout)
        .interval(arguments.interval)
        .upstream_grace(UPSTREAM_ANSWERS, arguments.upstream_grace)
}
