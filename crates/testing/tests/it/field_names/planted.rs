//! Each way to write a name is seen, and what is no code is not.

use std::collections::BTreeSet;

use super::{Mentions, mentions_of};

fn found(source: &str) -> Vec<String> {
    let documented: BTreeSet<String> = ["task_id", "status"].map(str::to_owned).into();
    let mut found = Mentions::new();
    let source = syn::parse_file(source).unwrap();
    mentions_of(&source, "planted.rs", &documented, &mut found);
    found.into_keys().map(|(_, name)| name).collect()
}

#[test]
fn a_name_is_seen_however_it_is_written() {
    for source in [
        "fn f() { row.get(\"task_id\"); }",
        "fn f() { row.get(r\"task_id\"); }",
        "const NAMES: [&[u8]; 1] = [b\"task_id\"];",
        "static PLACE: &str = \"/data/task_id\";",
        "fn f() { format!(\"/data/task_id{rest}\"); }",
        "const PATH: &str = \"/v1/tasks/task_id/content\";",
        "fn f() { json!({ \"data\": { \"task_id\": 1 } }); }",
        "fn f() { format!(\"no `task_id` here\"); }",
        "const BODY: &str = r#\"{\"task_id\":1}\"#;",
        "struct S { #[serde(rename = \"task_id\")] id: String }",
        "impl S { fn f(&self) { match x { \"task_id\" => {} _ => {} } } }",
    ] {
        assert_eq!(found(source), ["task_id"], "{source}");
    }
}

#[test]
fn what_is_no_name_in_code_is_not_seen() {
    for source in [
        "//! The `task_id`.\n/// \"task_id\"\nfn f() {}",
        "#[cfg(test)]\nmod tests { const ID: &str = \"task_id\"; }",
        "catalogue! { /// The `task_id`.\nOne }",
        "#[cfg(test)]\nfn f() { g(\"task_id\"); }",
        "impl S { #[cfg(test)]\nfn f() { g(\"task_id\"); } }",
        "fn f() { f.debug_struct(\"S\").field(\"task_id\", &self.id).finish(); }",
        "fn f() { row.get(name::TASK_ID); }",
        "const TEXT: &str = \"the task_id, or the status\";",
        "const OTHER: &str = \"task_ids\";",
    ] {
        assert_eq!(found(source), Vec::<String>::new(), "{source}");
    }
}
