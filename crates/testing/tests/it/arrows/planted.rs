//! Each kind of forbidden arrow, planted and found.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
};

use super::{crates, faults};

/// A crate of these files.
fn crate_of(files: &[(&str, &str)]) -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = directory.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let root = directory.path().join("lib.rs");
    (directory, root)
}

#[test]
fn a_sound_crate_has_no_faults() {
    let (base, root) = crate_of(&[
        ("lib.rs", "mod low;\npub mod high;\npub use high::High;"),
        ("low.rs", "pub struct Low;"),
        ("high/mod.rs", "mod part;\npub use self::part::High;"),
        (
            "high/part.rs",
            "use crate::low::Low;\npub struct High(Low);\n#[cfg(test)]\nmod tests { use crate::High; }",
        ),
    ]);
    assert_eq!(
        faults::faults(base.path(), &root, &["low", "high"]),
        Vec::<String>::new()
    );
    assert_eq!(
        faults::facade_faults(base.path(), &root),
        Vec::<String>::new()
    );
}

#[test]
fn a_circle_between_files_is_found() {
    let (base, root) = crate_of(&[
        ("lib.rs", "mod a;\nmod b;\nmod c;"),
        ("a.rs", "use crate::b::B;\npub struct A(B);"),
        (
            "b.rs",
            "pub struct B;\nfn f() { println!(\"{}\", super::c::g()) }",
        ),
        (
            "c.rs",
            "pub fn g() -> u8 { let _: Option<crate::a::A> = None; 1 }",
        ),
    ]);
    let expected = ["circle: a.rs → b.rs → c.rs → a.rs"];
    assert_eq!(faults::faults(base.path(), &root, &[]), expected);
}

#[test]
fn a_circle_through_the_facade_of_a_folder_is_found() {
    let (base, root) = crate_of(&[
        ("lib.rs", "mod a;\nmod folder;"),
        (
            "a.rs",
            "use crate::folder::In;\npub struct A(In);\npub fn f() {}",
        ),
        ("folder/mod.rs", "mod inside;\npub use inside::In;"),
        (
            "folder/inside.rs",
            "pub struct In;\nfn g() { crate::a::f() }",
        ),
    ]);
    let expected = ["circle: a.rs → folder/mod.rs → folder/inside.rs → a.rs"];
    assert_eq!(faults::faults(base.path(), &root, &[]), expected);
}

#[test]
fn an_import_from_the_module_above_is_found() {
    let (base, root) = crate_of(&[
        ("lib.rs", "mod a;\npub use a::A;"),
        ("a.rs", "pub struct A;\nimpl crate::A {}"),
    ]);
    let expected = [
        "a.rs: `crate::A` comes from lib.rs, which is above it; import from the file that defines it",
    ];
    assert_eq!(faults::faults(base.path(), &root, &[]), expected);
}

#[test]
fn an_import_from_a_later_room_is_found() {
    let (base, root) = crate_of(&[
        ("lib.rs", "mod low;\nmod high;"),
        ("low.rs", "use crate::high::High;"),
        ("high.rs", "pub struct High;"),
    ]);
    let expected = ["low.rs: `crate::high::High` is in `high`, but `low` comes before it"];
    assert_eq!(
        faults::faults(base.path(), &root, &["low", "high"]),
        expected
    );
}

#[test]
fn code_in_a_facade_is_found() {
    let (base, root) = crate_of(&[("lib.rs", "pub fn f() {}")]);
    let expected =
        ["lib.rs: a facade holds modules and re-exports; move the rest into a file of its own"];
    assert_eq!(faults::facade_faults(base.path(), &root), expected);
}

#[test]
fn a_forbidden_dependency_is_found() {
    let found = BTreeMap::from([
        ("low".to_owned(), BTreeSet::from(["high".to_owned()])),
        ("stray".to_owned(), BTreeSet::new()),
    ]);
    let expected = [
        "low must not depend on high",
        "stray: the crate has no place in the picture",
    ];
    assert_eq!(crates::faults(&found, &[("low", &[])]), expected);
}
