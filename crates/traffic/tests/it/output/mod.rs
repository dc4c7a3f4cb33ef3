//! Each report format, over all bodies, against its own schema.
//!
//! HTML and JUnit need installed programs: see `crates/external-tests`.

mod github;
mod json;
mod sarif;

use std::path::PathBuf;

use seedance_traffic::{Output, Recordings, Session, Summary};

use seedance_testing::files::enter_root;

/// Bodies with many findings, and bodies with few.
const DIRECTORIES: [&str; 2] = ["tests/drift", "tests/captures"];

/// Validates every file of the directories and writes the report to `output`.
fn validate_all(output: &mut (dyn Output + Send)) -> Summary {
    enter_root();
    let paths = DIRECTORIES.map(PathBuf::from);
    Recordings::new(paths)
        .validate(Session::new().with_task_timelines(), output)
        .unwrap()
}
