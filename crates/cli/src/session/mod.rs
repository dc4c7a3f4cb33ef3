//! What a command runs with: client, recorder, runtime, and the gate that findings have to pass.

mod client;
pub(crate) mod command;
mod gate;
mod live_report;
mod mock_page;
mod page_url;
pub(crate) mod reach;
mod recording;
mod runtime;

pub(crate) use self::{
    client::{client_or_complain, id_or_complain, limited_client_or_complain, policy},
    gate::Gate,
    live_report::{LiveReport, refuse_input, report_file},
    mock_page::with_page,
    page_url::page_url,
    recording::recorder_or_complain,
    runtime::{runtime, stopped},
};
