//! What the library's own code needs to know of the spec, as constants.

use std::fmt::Write as _;

use super::fast_path::pascal;
use seedance_spec::Facts;

/// Generates the module `tables`.
pub fn generate(facts: &Facts) -> String {
    let codes: Vec<&str> = facts.status_codes().collect();
    let mut out =
        String::from("/// What the spec says outside of its schemas.\npub mod tables {\n");
    let _ = write!(
        out,
        "use crate::model::{{Shape, Status}};\n\
         /// How long to wait between two queries of a task, in seconds.\n\
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
        facts.poll_interval_seconds,
        facts.valid_for_seconds,
        facts.path,
        codes.join(", "),
        facts.servers,
        facts.discriminator,
    );
    for status in &facts.statuses {
        let mut conditions = String::new();
        for (shape, pointers) in &status.when_present {
            let _ = write!(conditions, "({}, &{pointers:?}), ", shape_variant(shape));
        }
        let _ = writeln!(
            out,
            "Status {{ value: {:?}, shape: {}, when_present: &[{conditions}] }},",
            status.value,
            shape_variant(status.shape)
        );
    }
    out.push_str("];\n}\n");
    out
}

/// The library's name of a shape.
pub fn shape_variant(shape: &str) -> String {
    format!("Shape::{}", pascal(shape))
}
