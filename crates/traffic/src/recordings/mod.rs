//! Inputs through a session to an output, on all cores.

mod exchanges;
mod job;
mod reader;
mod stop;
mod validate;

pub use self::{
    exchanges::{RecordedResponse, exchanges, exchanges_in},
    stop::Stop,
    validate::Recordings,
};
