//! `spec`: what the client and the validator were generated from.

use std::io::{self, Write};

use seedance_query::{CONTRACT_SCHEMA, DOCUMENTATION_SCHEMA, OPENAPI};
use seedance_traffic::{output::json, part_schema};

use super::diff;
use crate::{
    arguments::{Schema, SpecArguments},
    exit_status::ExitStatus,
};

pub(super) fn run(arguments: &SpecArguments) -> io::Result<ExitStatus> {
    if let Some([old, new]) = arguments.diff.as_deref() {
        return diff::run(old, new, arguments);
    }
    if let Some(revision) = &arguments.since {
        return diff::since(revision, arguments);
    }
    let text = match arguments.schema {
        None => OPENAPI,
        Some(Schema::Contract) => CONTRACT_SCHEMA,
        Some(Schema::Documentation) => DOCUMENTATION_SCHEMA,
        Some(Schema::Report) => &json::schema(),
        Some(Schema::Part) => &part_schema(),
    };
    io::stdout().write_all(text.as_bytes())?;
    Ok(ExitStatus::Done)
}
