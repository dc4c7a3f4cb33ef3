//! Inputs through a session to an output, on all cores.

mod absorb;
mod column;
mod exchanges;
mod job;
mod reader;
mod stop;
mod validate;

pub use self::{
    column::ColumnRecording,
    exchanges::{RecordedResponse, exchanges, exchanges_in},
    stop::Stop,
    validate::Recordings,
};
