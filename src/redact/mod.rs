//! Secrets: where they are in a text, and what stands in for them.

mod detector;
mod identity;
mod mask;
mod placeholder;
mod redaction;
mod text;

#[doc(hidden)]
pub use self::redaction::hide_in;
pub(crate) use self::{identity::is_header, mask::hide, redaction::Redaction};
pub use self::{mask::mask, redaction::redact};
