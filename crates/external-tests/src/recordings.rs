//! The recordings that every report is made of.

use std::path::PathBuf;

use seedance_testing::files::enter_root;
use seedance_traffic::{Output, Recordings, Session, Summary};

/// Bodies with many findings, and bodies with few.
const DIRECTORIES: [&str; 2] = ["tests/drift", "tests/captures"];

/// Validates every file of the directories and writes the report to `output`.
pub fn validate_all(output: &mut (dyn Output + Send)) -> Summary {
    enter_root();
    let paths = DIRECTORIES.map(PathBuf::from);
    Recordings::new(paths)
        .validate(Session::new().with_task_timelines(), output)
        .unwrap()
}
