//! File names: from the id of a task, or as given.

use sha2::{Digest, Sha256};

use crate::model::hash::hex;

/// A longer name would leave no room for what is put behind it while the download goes on.
const MAX_FILE_NAME: usize = 200;
/// The longest id that is its own file name.
const MAX_ID_IN_FILE_NAME: usize = 100;
/// So much of any other id is shown in its file name.
const SHOWN: usize = 40;

/// The file name for a task: the id itself where every file system takes it, and otherwise as much
/// of it as can be shown, with a hash.
///
/// Two ids never get the same name, but for ids that differ only in case on a file system that
/// takes no account of it.
pub fn for_task(id: &str, ending: &str) -> String {
    if is_plain(id) {
        return format!("{id}{ending}");
    }
    let shown: String = id
        .chars()
        .take(SHOWN)
        .map(|c| if is_plain_char(c) { c } else { '_' })
        .collect();
    // No plain id has a tilde, so none can be mistaken for this.
    let hash = hex(&Sha256::digest(id));
    format!("{}~{}{ending}", shown.trim_start_matches('-'), &hash[..32])
}

/// Without dots, so that no ending can be a part of an id, and nothing is hidden or a directory.
fn is_plain_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

fn is_plain(id: &str) -> bool {
    id.len() <= MAX_ID_IN_FILE_NAME
        && !id.starts_with('-')
        && id.chars().all(is_plain_char)
        && !is_reserved(id)
}

/// Whether Windows takes a name for a device, whatever its ending.
fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end();
    let stem = stem.to_ascii_uppercase();
    let is_numbered = |device: &str| {
        stem.strip_prefix(device)
            .is_some_and(|rest| rest.chars().count() == 1 && rest.chars().all(char::is_numeric))
    };
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || is_numbered("COM")
        || is_numbered("LPT")
}

/// What is wrong with a name that was given, if anything: it has to name a file right in the
/// directory, on every system.
pub fn fault(name: &str) -> Option<&'static str> {
    let lower = name.to_ascii_lowercase();
    let is_windows_only = |c: char| matches!(c, ':' | '<' | '>' | '"' | '|' | '?' | '*');
    if name.is_empty() {
        Some("is empty")
    } else if name.contains(['/', '\\']) {
        Some("has a separator, but the file has to be right in the directory")
    } else if matches!(name, "." | "..") {
        Some("is a directory")
    } else if name.contains(|c: char| c.is_control()) {
        Some("has a control character")
    } else if name.len() > MAX_FILE_NAME {
        Some("is longer than 200 bytes")
    } else if [".part", ".part.json"]
        .iter()
        .any(|ending| lower.ends_with(ending))
    {
        Some("is what an unfinished download is called")
    } else if cfg!(windows)
        && (name.contains(is_windows_only) || name.ends_with(['.', ' ']) || is_reserved(name))
    {
        Some("is one that Windows does not take")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{fault, for_task, is_reserved};

    #[test]
    fn an_id_is_its_own_file_name() {
        for id in [
            "asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F",
            "cgt-2026-9j2q7",
            "CONTROL",
        ] {
            assert_eq!(for_task(id, ".mp4"), format!("{id}.mp4"));
        }
    }

    #[test]
    fn odd_ids_neither_escape_nor_collide() {
        let long = "x".repeat(5000);
        let longer = "x".repeat(5001);
        let ids = [
            "task/ü?#%",
            "task_____",
            "task/../x",
            "..",
            ".",
            "-",
            "--",
            "-rf",
            "con",
            "COM1",
            "lpt9",
            "a b",
            "a.original",
            "a",
            "a\0",
            "a:b",
            "C:\\x",
            "~",
            "a~b",
            "\u{202e}4pm",
            "../../etc/passwd",
            &long,
            &longer,
        ];
        let endings = [".mp4", ".original.mp4"];
        let names: HashSet<String> = ids
            .iter()
            .flat_map(|id| endings.map(|ending| for_task(id, ending)))
            .collect();
        assert_eq!(names.len(), ids.len() * 2);
        for name in &names {
            assert_eq!(fault(name), None, "{name}");
            assert!(name.is_ascii() && !is_reserved(name), "{name}");
            assert!(!name.starts_with(['.', '-']), "{name}");
        }
        // A name can be given as an id, and is another one then.
        let name = for_task("a/b", "");
        assert_ne!(for_task(&name, ""), name);
    }

    #[test]
    fn given_names_stay_in_the_directory() {
        for name in [
            "",
            ".",
            "..",
            "a/b",
            "/a",
            "../a",
            "a\\b",
            "a\0",
            "a\n",
            "a.part",
            "a.PART.json",
            &"x".repeat(201),
        ] {
            assert!(fault(name).is_some(), "{name:?}");
        }
        for name in ["a.mp4", "..a", "video für mich.mp4", ".hidden"] {
            assert_eq!(fault(name), None, "{name:?}");
        }
    }
}
