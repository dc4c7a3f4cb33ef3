//! What a check is written as: each format, over all bodies, against its own schema.

mod github;
mod html;
mod json;
mod junit;
mod sarif;

use std::{env, fs, io, path::PathBuf, process::Command};

use seedance_query::{
    Source,
    capture::Capture,
    check::{Output, Session, Summary},
};

use serde_json::Value;

use crate::files::{files, root};

/// The bodies that everything is found in, and those that little is found in.
const DIRECTORIES: [&str; 2] = ["tests/drift", "tests/captures"];

/// Checks every file of the directories, and gives what an output makes of it.
fn check_all(output: &mut dyn Output) -> Summary {
    let mut session = Session::new();
    for path in DIRECTORIES.iter().flat_map(|directory| files(directory)) {
        let name = path.strip_prefix(root()).unwrap().to_str().unwrap();
        let bytes = fs::read(&path).unwrap();
        let checked = if Capture::is_like(&bytes) {
            let capture = Capture::parse(&bytes).unwrap();
            let start = capture.body_range.clone().map_or(0, |range| range.start);
            let line = bytes[..start].split(|byte| *byte == b'\n').count();
            let mut source = Source::whole(name);
            source.line = line as u64;
            session.check(source, Some(capture.status.as_u16()), None, &capture.body)
        } else {
            session.check(Source::whole(name), None, None, &bytes)
        };
        if output.wants_all() || !checked.report.findings().is_empty() {
            output.response(&checked).unwrap();
        }
    }
    let summary = session.summary();
    output.end(&summary).unwrap();
    summary
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
