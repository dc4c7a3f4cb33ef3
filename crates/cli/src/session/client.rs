//! The client that arguments and environment ask for.

use seedance_query::{Client, ClientBuilder, Error, TaskId, WaitPolicy, capture::Recorder};

use super::recording;
use crate::{
    arguments::{GatewayArguments, WaitingArguments},
    output::{complain, print_query_error},
};

fn client(arguments: &GatewayArguments, recorder: Option<Recorder>) -> Result<Client, Error> {
    let mut builder = ClientBuilder::from_env().timeout(arguments.timeout);
    if let Some(recorder) = recorder {
        builder = builder.observer(recording::observer(recorder));
    }
    if let Some(base_url) = &arguments.base_url {
        builder = builder.base_url(base_url);
    }
    builder.build()
}

/// The client, or nothing once it was said why there is none.
pub(crate) fn client_or_complain(arguments: &GatewayArguments) -> Option<Client> {
    let recorder = recording::recorder_or_complain(&arguments.record)?;
    client(arguments, recorder)
        .inspect_err(print_query_error)
        .ok()
}

/// The id, or nothing once it was said why it is none.
pub(crate) fn id_or_complain(text: &str) -> Option<TaskId> {
    text.parse()
        .inspect_err(|error| complain(&format!("{error}")))
        .ok()
}

pub(crate) fn policy(arguments: &WaitingArguments) -> WaitPolicy {
    WaitPolicy::default()
        .timeout(arguments.deadline)
        .interval(arguments.interval)
}
