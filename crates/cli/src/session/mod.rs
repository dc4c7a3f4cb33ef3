//! What a command that asks a gateway runs with: client, recorder, runtime.

mod client;
mod recording;
mod runtime;

pub(crate) use self::{
    client::{client_or_complain, id_or_complain, limited_client_or_complain, policy},
    recording::recorder_or_complain,
    runtime::{runtime, stopped},
};
