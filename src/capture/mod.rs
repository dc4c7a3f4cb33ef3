//! Captures: a request and its response as text, the way a user records them.
//!
//! ```text
//! # label: reconstructed
//! # note: Built from the documented fields; not recorded from a live call.
//! # time: 2026-06-04T19:28:55Z
//! GET /v1/video/generations/asyntask_… HTTP/1.1
//! Host: gateway.example
//!
//! HTTP/1.1 200 OK
//! Content-Type: application/json
//!
//! {"code":"success", …}
//! ```
//!
//! Comments and the request can be left out, so that the output of `curl -i` is a capture, also
//! over HTTP/2. Everything behind the last empty line of a head is the body, byte for byte; only a
//! line end that its `Content-Length` leaves out is not part of it.
//!
//! What is written to be shown or kept is [redacted](Capture::redacted) first; a [`Recorder`] does
//! that for each exchange of a client, and finds a name for it.

mod error;
mod exchange;
mod file;
mod file_name;
mod read;
mod recorder;
mod timestamp;
mod write;

pub use self::{
    error::CaptureError,
    exchange::{Capture, Headers, Request},
    recorder::Recorder,
};
#[doc(hidden)]
pub use self::{
    file::{is_left_over, private_file},
    recorder::PreparedCapture,
};
