//! Secrets: one detector for everything that leaves the process, and one placeholder, `REDACTED`.
//!
//! Two renderings come from the same detector. [`bytes`] keeps a body what it is: of a signed URL
//! it keeps the names of the parameters, and when and for how long it was signed. [`text`] is for
//! one line that a person reads: there a query goes as a whole.

mod detector;
mod identity;
mod placeholder;
mod redactor;
mod text;

pub(crate) use self::identity::is_header;
pub use self::redactor::{Redactor, bytes, text};
