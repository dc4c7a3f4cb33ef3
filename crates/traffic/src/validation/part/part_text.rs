//! The format of a stored part: its version, what it was made by, and its JSON Schema.

use std::sync::LazyLock;

use schemars::generate::SchemaSettings;
use sha2::{Digest, Sha256};

use super::records::PartRecord;
use seedance_query::OPENAPI;

/// The version of the format.
pub(super) const VERSION: u32 = 1;

/// The program whose rules made the part.
pub(super) const PROGRAM: &str = env!("CARGO_PKG_VERSION");

/// The SHA-256 of the document that the responses were validated against.
pub(super) static DOCUMENT: LazyLock<String> =
    LazyLock::new(|| hex(&Sha256::digest(OPENAPI.as_bytes())));

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

/// The JSON Schema (2020-12) of a stored [`SummaryPart`](crate::SummaryPart).
///
/// # Examples
///
/// ```
/// let schema: serde_json::Value = serde_json::from_str(&seedance_traffic::part_schema())?;
/// assert_eq!(schema["title"], "A part of a summary");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[must_use]
pub fn part_schema() -> String {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings
        .into_generator()
        .into_root_schema_for::<PartRecord>();
    schema.insert("title".to_owned(), "A part of a summary".into());
    schema.insert(
        "description".to_owned(),
        "What `validate --summary-out` and `summary merge` write: what is known of each input, and \
         the polls of each task. Parts can be merged in any order."
            .into(),
    );
    format!("{:#}\n", schema.as_value())
}
