//! Inputs through a session to an output, on all cores.

mod exchanges;
mod job;
mod reader;
mod validate;

pub use self::{
    exchanges::{RecordedResponse, exchanges, exchanges_in},
    validate::Recordings,
};
