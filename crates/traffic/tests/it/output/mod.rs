//! What a check is written as: each format, over all bodies, against its own schema.

mod github;
mod json;
mod sarif;

use std::path::PathBuf;

use seedance_traffic::{Check, Output, Session, Summary};

use seedance_testing::files::enter_root;

/// The bodies that everything is found in, and those that little is found in.
const DIRECTORIES: [&str; 2] = ["tests/drift", "tests/captures"];

/// Checks every file of the directories, and gives what an output makes of it.
fn check_all(output: &mut (dyn Output + Send)) -> Summary {
    enter_root();
    let paths = DIRECTORIES.map(PathBuf::from);
    Check::new(paths)
        .run(Session::new().with_lives(), output)
        .unwrap()
}
