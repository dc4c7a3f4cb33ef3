//! What the command line takes.

mod explain;
mod fetch;
mod fleet;
mod gate;
mod gateway;
mod ledger;
mod program;
mod report;
mod server;
mod spec;
mod submit;
mod summary;
mod task;
mod validate;
mod values;

pub(crate) use self::{
    explain::ExplainArguments,
    fetch::FetchArguments,
    fleet::FleetArguments,
    gate::{BaselineAction, FailOn, GateArguments},
    gateway::{DownloadingArguments, GatewayArguments, RecordArguments, WaitingArguments},
    ledger::LedgerArguments,
    program::{Arguments, Command},
    report::{Format, ReportArguments, SummaryExtent},
    server::{DemoArguments, Like, MockArguments, PlaygroundArguments, ProxyArguments},
    spec::{Schema, SpecArguments},
    submit::{RequestArguments, SubmitArguments},
    summary::{MergeArguments, ShowArguments, SummaryAction, SummaryArguments, SummaryFormat},
    task::{DownloadArguments, GetArguments, WaitArguments},
    validate::ValidateArguments,
};
