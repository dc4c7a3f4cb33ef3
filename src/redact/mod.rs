//! Redaction: one detector for everything that leaves the process, and one placeholder, `REDACTED`.
//!
//! Two renderings share the detector. [`bytes()`] preserves the structure of a body: of a signed URL
//! it keeps the parameter names, the signing time and the validity. [`text`] is for a line that a
//! person reads, and replaces a URL's whole query. [`terminal`] escapes control characters.

mod detector;
mod escape;
mod identity;
mod json;
mod known;
mod line;
mod members;
mod names;
mod nested;
mod nesting;
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
pub(crate) use self::{
    url_parameter::{is_harmless_parameter, is_plain_parameter},
    urls::first_parameter,
};
