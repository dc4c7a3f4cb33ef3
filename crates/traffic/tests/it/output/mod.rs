//! What a check is written as: each format, over all bodies, against its own schema.

mod github;
mod html;
mod json;
mod junit;
mod sarif;

use std::{env, io, path::PathBuf, process::Command};

use seedance_traffic::{Check, Output, Session, Summary};

use serde_json::Value;

use seedance_testing::files::{enter_root, root};

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

/// Where the source of a dependency is: it comes with a schema that is not copied here.
fn package(name: &str) -> PathBuf {
    // Without the packages of other platforms, which may not be there.
    let version = cargo(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let metadata = cargo(&[
        "metadata",
        "--format-version=1",
        "--locked",
        "--offline",
        "--all-features",
        "--filter-platform",
        host.unwrap(),
    ]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let mut packages = metadata["packages"].as_array().unwrap().iter();
    let package = packages.find(|package| package["name"] == name);
    let package = package.unwrap_or_else(|| panic!("{name} is no dependency"));
    let manifest = PathBuf::from(package["manifest_path"].as_str().unwrap());
    manifest.parent().unwrap().to_owned()
}

fn cargo(arguments: &[&str]) -> String {
    let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    let output = command
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo {arguments:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

/// What a program that has to be installed gives, or what to do if it is not.
fn needed<T>(started: io::Result<T>, program: &str, package: &str) -> T {
    started.unwrap_or_else(|error| {
        panic!("cannot run {program}: {error}; `apt-get install {package}` installs it")
    })
}
