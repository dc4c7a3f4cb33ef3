//! A line of JSON for a program.

use std::io;

use serde::Serialize;

use super::stream::print;

/// Prints an object as a line, with a member `event` that names it.
pub(crate) fn print_event(event: &str, of: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_value(of)?;
    line["event"] = event.into();
    print(&line)
}
