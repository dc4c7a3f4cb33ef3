//! All inputs that fuzzing started from and all that it found.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use seedance_laws::{TARGETS, Target};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What `fuzz/run` knows of a target: its name, and where its first inputs are.
fn listed() -> Vec<(String, Vec<String>)> {
    let text = fs::read_to_string(root().join("fuzz/targets.txt")).unwrap();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let target = |line: &str| {
        let mut words = line.split(' ').map(str::to_owned);
        (words.next().unwrap(), words.skip(2).collect())
    };
    lines.map(target).collect()
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(directory) else {
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.is_file());
    files.sort();
    files
}

/// Runs on a stack as small as that of any thread: deep nesting must not exhaust it.
fn run(target: &'static Target, file: &Path) {
    let input = fs::read(file).unwrap();
    let outcome = std::thread::spawn(move || (target.run)(&input)).join();
    assert!(outcome.is_ok(), "{}: {}", target.name, file.display());
}

fn target(name: &str) -> &'static Target {
    TARGETS.iter().find(|target| target.name == name).unwrap()
}

#[test]
fn what_was_found_is_mended() {
    let directories = fs::read_dir(root().join("fuzz/findings")).unwrap();
    let mut tried = 0;
    for directory in directories.map(|entry| entry.unwrap().path()) {
        let name = directory.file_name().unwrap().to_str().unwrap();
        for file in files(&directory) {
            run(target(name), &file);
            tried += 1;
        }
    }
    assert!(tried > 0, "there are no findings");
}

#[test]
fn what_fuzzing_starts_from_breaks_no_law() {
    for (name, directories) in listed() {
        let mut tried = 0;
        for directory in directories {
            for file in files(&root().join(directory)) {
                run(target(&name), &file);
                tried += 1;
            }
        }
        assert!(tried > 0, "{name} starts from nothing");
    }
}

/// The fuzzer runs every target, and each of them is one of ours.
#[test]
fn every_target_is_fuzzed() {
    let ours: BTreeSet<String> = TARGETS
        .iter()
        .map(|target| target.name.to_owned())
        .collect();
    let listed: BTreeSet<String> = listed().into_iter().map(|(name, _)| name).collect();
    assert_eq!(listed, ours);
    for name in &ours {
        let file = root().join(format!("fuzz/targets/{name}.rs"));
        let text = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(text.contains("::laws(input)"), "{name}");
    }
    let manifest = fs::read_to_string(root().join("fuzz/Cargo.toml")).unwrap();
    assert_eq!(manifest.matches("[[bin]]").count(), ours.len());
}
