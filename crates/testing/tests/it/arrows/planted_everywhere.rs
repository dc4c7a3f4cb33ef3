//! The check looks at every crate: a fault that is planted in any of them is found.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use walkdir::WalkDir;

use super::{
    ROOMS, faults,
    imports::{Import, imports},
    modules::Modules,
    packages, root_file,
};
use seedance_testing::files::root;

/// A copy of a package's sources, and its root file there.
fn copy(package: &Path) -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let source = package.join("src");
    for entry in WalkDir::new(&source) {
        let entry = entry.unwrap();
        let target = directory
            .path()
            .join(entry.path().strip_prefix(&source).unwrap());
        if entry.file_type().is_dir() {
            fs::create_dir_all(target).unwrap();
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
    let file = root_file(package).unwrap();
    let file = directory.path().join(file.file_name().unwrap());
    (directory, file)
}

fn append(file: &Path, line: &str) {
    let mut file = fs::OpenOptions::new().append(true).open(file).unwrap();
    writeln!(file, "{line}").unwrap();
}

/// The faults of a copy in which a line is appended to each of some files.
fn planted(package: &Path, lines: &[(&Path, String)]) -> Vec<String> {
    let (directory, root_file) = copy(package);
    for (file, line) in lines {
        append(&directory.path().join(file), line);
    }
    let rooms = if package == root() { ROOMS } else { &[] };
    let mut found = faults::faults(directory.path(), &root_file, rooms);
    found.extend(faults::facade_faults(directory.path(), &root_file));
    found
}

/// The sources of a package that has more than one file.
fn sources() -> impl Iterator<Item = (PathBuf, Modules)> {
    packages().into_iter().filter_map(|package| {
        let modules = Modules::read(&root_file(&package)?);
        (modules.sources.len() > 1).then_some((package, modules))
    })
}

fn in_source<'a>(package: &Path, file: &'a Path) -> &'a Path {
    file.strip_prefix(package.join("src")).unwrap()
}

#[test]
fn an_import_from_the_root_is_found_in_every_crate() {
    let mut crates = 0;
    for (package, modules) in sources() {
        let (path, file) = modules
            .files
            .iter()
            .find(|(path, _)| !path.is_empty())
            .unwrap();
        let file = in_source(&package, file);
        let found = planted(&package, &[(file, "use crate::Planted;".to_owned())]);
        let is_found = |fault: &String| fault.contains("`crate::Planted` comes from");
        assert!(found.iter().any(is_found), "{package:?} {path:?} {found:?}");
        crates += 1;
    }
    assert!(crates >= 10, "{crates}");
}

#[test]
fn a_circle_is_found_in_every_crate() {
    let mut crates = 0;
    for (package, modules) in sources() {
        // Back along an import that is there.
        let there = imports(&modules).into_iter().find(|import| {
            let Import { from, to, .. } = import;
            !from.is_empty() && !to.starts_with(from)
        });
        let Some(Import { from, to, .. }) = there else {
            continue;
        };
        let file = in_source(&package, &modules.files[&to]);
        let line = format!("use crate::{}::Planted;", from.join("::"));
        let found = planted(&package, &[(file, line.clone())]);
        let ends = [&modules.files[&from], &modules.files[&to]]
            .map(|file| in_source(&package, file).display().to_string());
        let is_found = |fault: &String| {
            fault.starts_with("circle") && ends.iter().any(|end| fault.contains(end))
        };
        assert!(found.iter().any(is_found), "{package:?} {line} {found:?}");
        crates += 1;
    }
    assert!(crates >= 9, "{crates}");
}

#[test]
fn code_in_a_facade_is_found_in_every_library() {
    let mut facades = 0;
    for (package, modules) in sources() {
        let is_facade = |file: &&PathBuf| file.ends_with("lib.rs") || file.ends_with("mod.rs");
        let lines: Vec<(&Path, String)> = modules
            .sources
            .keys()
            .filter(is_facade)
            .map(|file| (in_source(&package, file), "fn planted() {}".to_owned()))
            .collect();
        let found = planted(&package, &lines);
        for (file, _) in &lines {
            let expected = format!("{}: a facade holds", file.display());
            let is_found = |fault: &String| fault.starts_with(&expected);
            assert!(
                found.iter().any(is_found),
                "{package:?} {expected} {found:?}"
            );
        }
        facades += lines.len();
    }
    assert!(facades >= 20, "{facades}");
}

#[test]
fn a_later_room_is_found_in_every_room() {
    let modules = Modules::read(&root_file(root()).unwrap());
    let rooms: Vec<(&str, &str)> = ROOMS
        .iter()
        .copied()
        .zip(ROOMS[1..].iter().copied())
        .collect();
    let lines: Vec<(&Path, String)> = rooms
        .iter()
        .map(|(lower, upper)| {
            let mut files = modules.files.iter();
            let is_in = |path: &[String]| path.len() == 2 && path[0] == *lower;
            let (_, file) = files.find(|(path, _)| is_in(path)).unwrap();
            let line = format!("use crate::{upper}::Planted;");
            (in_source(root(), file), line)
        })
        .collect();
    let found = planted(root(), &lines);
    for (lower, upper) in rooms {
        let expected = format!("`crate::{upper}::Planted` is in `{upper}`, but `{lower}` comes");
        let is_found = |fault: &String| fault.contains(&expected);
        assert!(found.iter().any(is_found), "{expected} {found:?}");
    }
}
