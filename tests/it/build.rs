//! The build script itself, run as cargo runs it, over good and broken specs.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use seedance_query::OPENAPI;

/// The script that built this crate: the newest one beside `OUT_DIR`.
fn script() -> PathBuf {
    let builds = Path::new(env!("OUT_DIR")).ancestors().nth(2).unwrap();
    let scripts = fs::read_dir(builds).unwrap().filter_map(|entry| {
        let path = entry.ok()?.path();
        let is_own = path.file_name()?.to_str()?.starts_with("seedance-query-");
        let script = path.join(format!(
            "build-script-build{}",
            std::env::consts::EXE_SUFFIX
        ));
        let modified = script.metadata().ok()?.modified().ok()?;
        is_own.then_some((modified, script))
    });
    scripts.max().expect("the build script").1
}

/// The lines that the script says to cargo, and the files that it makes.
fn build(spec: Option<&str>) -> (Vec<String>, Vec<String>) {
    let directory = tempfile::tempdir().unwrap();
    let out = directory.path().join("out");
    fs::create_dir_all(directory.path().join("openapi")).unwrap();
    fs::create_dir(&out).unwrap();
    if let Some(spec) = spec {
        fs::write(
            directory.path().join("openapi/seedance-task-query.yaml"),
            spec,
        )
        .unwrap();
    }
    let mut command = Command::new(script());
    let output = command
        .current_dir(directory.path())
        .env("OUT_DIR", &out)
        .output()
        .unwrap();
    assert!(output.status.success());
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "",
        "no panic, no backtrace"
    );
    let said = String::from_utf8(output.stdout).unwrap();
    let mut files: Vec<String> = fs::read_dir(&out)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    files.sort();
    (said.lines().map(str::to_owned).collect(), files)
}

#[test]
fn a_good_spec_makes_everything_anew() {
    let (said, files) = build(Some(OPENAPI));
    assert!(
        said.iter()
            .all(|line| line.starts_with("cargo::rerun-if-changed=")),
        "{said:?}"
    );
    assert!(said.contains(&"cargo::rerun-if-changed=openapi/seedance-task-query.yaml".to_owned()));
    let (schemas, code): (Vec<&String>, Vec<&String>) = files.iter().partition(|file| {
        Path::new(file)
            .extension()
            .is_some_and(|extension| extension == "json")
    });
    assert_eq!(code.len(), 10, "{code:?}");
    // Each body that is sent or received, in both readings.
    let bodies = |reading: &str| -> Vec<&str> {
        let names = schemas.iter();
        names
            .filter_map(|name| name.strip_prefix(reading))
            .collect()
    };
    assert_eq!(bodies("contract-"), bodies("documentation-"), "{schemas:?}");
    assert_eq!(bodies("contract-").len() * 2, schemas.len(), "{schemas:?}");
    assert!(schemas.len() > 4, "{schemas:?}");
}

#[test]
fn a_bad_spec_is_one_readable_error() {
    let bad_example = OPENAPI.replacen("seed: 20177", "seed: twenty", 1);
    let not_required = OPENAPI.replacen(
        "          required: true\n",
        "          required: false\n",
        1,
    );
    for (spec, message) in [
        (
            Some("a: [1\nb: }"),
            "cargo::error=openapi/seedance-task-query.yaml:2:2: not YAML: ",
        ),
        (
            Some(bad_example.as_str()),
            "/components/examples/Normal/value/data/data/seed)",
        ),
        (
            Some(not_required.as_str()),
            "the client cannot be generated: ",
        ),
        (
            None,
            "cargo::error=openapi/seedance-task-query.yaml: No such file",
        ),
    ] {
        let (said, files) = build(spec);
        let errors: Vec<&String> = said
            .iter()
            .filter(|line| line.starts_with("cargo::error="))
            .collect();
        assert_eq!(errors.len(), 1, "{said:?}");
        assert!(errors[0].contains(message), "{errors:?}");
        assert_eq!(said.len(), 2, "one line each: {said:?}");
        assert!(files.is_empty(), "nothing half made: {files:?}");
    }
}
