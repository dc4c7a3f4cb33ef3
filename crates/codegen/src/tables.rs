//! What the library's own code needs to know of the spec, as constants.

use std::fmt::Write as _;

use super::names::shape_variant;
use seedance_spec::{Metadata, Problem, pointer::Pointer};

/// Generates the constants.
pub fn generate(metadata: &Metadata) -> Result<String, Problem> {
    let schemas = Pointer::root().join("components").join("schemas");
    let poll_interval_seconds = needed(
        metadata.poll_interval_seconds,
        &metadata.operation,
        "the task query needs an `x-poll-interval-seconds`",
    )?;
    let valid_for_seconds = needed(
        metadata.valid_for_seconds,
        &schemas,
        "the URL of a video needs an `x-valid-for-seconds`",
    )?;
    let discriminator = needed(
        metadata.discriminator.as_ref(),
        &schemas,
        "the task needs a schema with a `discriminator`, which tells its shape",
    )?;
    let codes: Vec<&str> = metadata.status_codes().collect();
    let mut out = String::new();
    let _ = write!(
        out,
        "/// How long to wait between two queries of a task, in seconds.\n\
         pub const POLL_INTERVAL_SECONDS: u64 = {};\n\
         /// How long the URL of a finished video can be used, in seconds after the task has finished.\n\
         pub const VALID_FOR_SECONDS: u64 = {};\n\
         /// The operation's path, with `{{task_id}}` in it.\n\
         pub const PATH: &str = {:?};\n\
         /// The HTTP status codes that are documented.\n\
         pub const DOCUMENTED_STATUS_CODES: &[u16] = &[{}];\n\
         /// Base URLs of the API's known hosts.\n\
         pub const SERVERS: &[&str] = &{:?};\n\
         /// The member of a task that tells its shape.\n\
         pub const DISCRIMINATOR: &str = {:?};\n\
         /// The values of the discriminator and what each means.\n\
         pub const STATUSES: &[Status] = &[\n",
        poll_interval_seconds,
        valid_for_seconds,
        metadata.path,
        codes.join(", "),
        metadata.servers,
        discriminator,
    );
    for status in &metadata.statuses {
        let mut conditions = String::new();
        for (shape, pointers) in &status.when_present {
            let _ = write!(conditions, "({}, &{pointers:?}), ", shape_variant(shape));
        }
        let _ = writeln!(
            out,
            "Status {{ value: {:?}, shape: {}, when_present: &[{conditions}], words: &{:?} }},",
            status.value,
            shape_variant(&status.shape),
            status.words
        );
    }
    out.push_str("];\n");
    Ok(out)
}

/// What the library cannot do without, though the document can be read without it.
fn needed<T>(value: Option<T>, at: &Pointer, message: &str) -> Result<T, Problem> {
    value.ok_or_else(|| Problem::at(at, message))
}
