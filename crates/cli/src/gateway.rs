//! A client from arguments and environment, and what it runs on.

use std::{future::Future, io};

use seedance_query::{Client, ClientBuilder, Error, TaskId, WaitPolicy, capture::Recorder};
use tokio::runtime::Runtime;

use super::{
    arguments::{GatewayArguments, WaitingArguments},
    complain, explain, record,
};

pub(super) fn runtime() -> io::Result<Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
}

fn client(arguments: &GatewayArguments, recorder: Option<Recorder>) -> Result<Client, Error> {
    let mut builder = ClientBuilder::from_env().timeout(arguments.timeout);
    if let Some(recorder) = recorder {
        builder = builder.observer(record::observer(recorder));
    }
    if let Some(base_url) = &arguments.base_url {
        builder = builder.base_url(base_url);
    }
    builder.build()
}

/// The client, or nothing once it was said why there is none.
pub(super) fn client_or_complain(arguments: &GatewayArguments) -> Option<Client> {
    let recorder = record::recorder_or_complain(&arguments.record)?;
    client(arguments, recorder)
        .inspect_err(explain::query_error)
        .ok()
}

/// The id, or nothing once it was said why it is none.
pub(super) fn id_or_complain(text: &str) -> Option<TaskId> {
    text.parse()
        .inspect_err(|error| complain(&format!("{error}")))
        .ok()
}

pub(super) fn policy(arguments: &WaitingArguments) -> WaitPolicy {
    WaitPolicy::default()
        .deadline(arguments.deadline)
        .interval(arguments.interval)
}

/// Is ready once the user or the system wants the program to end.
pub(super) fn stopped() -> io::Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    Ok(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        #[cfg(not(unix))]
        let _ = tokio::signal::ctrl_c().await;
    })
}
