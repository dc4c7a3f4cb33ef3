//! The list of other people's crates that the program is made of, in `docs/third-party.md`.

use std::{collections::BTreeSet, env, fs, process::Command};

use serde_json::Value;

use seedance_testing::files::root;

const PROGRAM: &str = "seedance-query-cli";

/// Names and licences of what the program is linked with, on the platform that most people use.
fn linked() -> BTreeSet<(String, String)> {
    let output = Command::new(env!("CARGO"))
        .current_dir(root())
        .args(["metadata", "--locked", "--format-version", "1"])
        .args(["--filter-platform", "x86_64-unknown-linux-gnu"])
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{error}");
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let array = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let packages = array(&metadata["packages"]);
    let nodes = array(&metadata["resolve"]["nodes"]);
    let package = |id: &Value| {
        packages
            .iter()
            .find(|package| package["id"] == *id)
            .unwrap()
    };
    let is_macro = |package: &Value| {
        let targets = array(&package["targets"]);
        targets
            .iter()
            .any(|target| target["kind"].to_string().contains("proc-macro"))
    };
    let program = packages
        .iter()
        .find(|package| package["name"] == PROGRAM)
        .unwrap();
    let mut ahead = vec![program["id"].clone()];
    let (mut seen, mut linked) = (BTreeSet::new(), BTreeSet::new());
    while let Some(id) = ahead.pop() {
        let package = package(&id);
        if is_macro(package) || !seen.insert(id.to_string()) {
            continue;
        }
        // Our own have no registry that they are from.
        if !package["source"].is_null() {
            let text = |name: &str| package[name].as_str().unwrap_or("unknown").to_owned();
            linked.insert((text("name"), text("license").replace('/', " OR ")));
        }
        let node = nodes.iter().find(|node| node["id"] == id).unwrap();
        for dependency in array(&node["deps"]) {
            let kinds = array(&dependency["dep_kinds"]);
            if kinds.iter().any(|kind| kind["kind"].is_null()) {
                ahead.push(dependency["pkg"].clone());
            }
        }
    }
    linked
}

fn page(linked: &BTreeSet<(String, String)>) -> String {
    let mut page = "\
# Third-party crates

The program `seedance-query` is linked with these crates, on Linux and with the features `object-store`
and `postgres`; without them, with fewer. The text of each licence is in the crate's package. Whoever passes
on a binary has to pass on these texts, too: `cargo about` collects them.

| crate | licence |
| --- | --- |
"
    .to_owned();
    for (name, licence) in linked {
        page.push_str(&format!(
            "| `{name}` | {} |\n",
            licence.replace("  OR  ", " OR ")
        ));
    }
    page
}

/// `UPDATE_DOCS=1` writes it again.
#[test]
fn the_list_of_third_party_crates_is_complete() {
    let linked = linked();
    assert!(linked.len() > 100, "{linked:#?}");
    let path = root().join("docs/third-party.md");
    let page = page(&linked);
    if env::var_os("UPDATE_DOCS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    let [written, page] = [&written, &page].map(|page| page.lines().collect::<BTreeSet<_>>());
    let differing: Vec<_> = written.symmetric_difference(&page).collect();
    assert!(
        differing.is_empty(),
        "UPDATE_DOCS=1 cargo test -p seedance-testing third_party writes it again: {differing:#?}"
    );
}
