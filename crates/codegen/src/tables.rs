//! What the library's own code needs to know of the spec, as constants.

use std::fmt::Write as _;

use super::names::shape_variant;
use seedance_spec::Metadata;

/// Generates the constants.
pub fn generate(metadata: &Metadata) -> String {
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
        metadata.poll_interval_seconds,
        metadata.valid_for_seconds,
        metadata.path,
        codes.join(", "),
        metadata.servers,
        metadata.discriminator,
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
            shape_variant(status.shape),
            status.words
        );
    }
    out.push_str("];\n");
    out
}
