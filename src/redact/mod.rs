//! Secrets: one detector for everything that leaves the process, and one placeholder, `REDACTED`.
//!
//! Two renderings come from the same detector. [`bytes()`] keeps a body what it is: of a signed URL
//! it keeps the names of the parameters, and when and for how long it was signed. [`text`] is for
//! one line that a person reads: there a query goes as a whole. [`terminal`] keeps control
//! characters from a terminal.

mod detector;
mod escape;
mod identity;
mod json;
mod known;
mod line;
mod members;
mod names;
mod nested;
mod placeholder;
mod quoted;
mod redactor;
mod render;
mod secret;
mod terminal;
mod tokens;
mod unescaped;
mod url_parameter;
mod urls;
mod value;
mod yaml;

pub(crate) use self::names::is_identity_header;
#[doc(hidden)]
pub use self::names::{is_plain_header, leads_to_secret};
pub use self::{
    placeholder::PLACEHOLDER,
    redactor::Redactor,
    render::{bytes, text},
    terminal::{terminal, terminal_json},
};
