//! What a killed process leaves beside a finished file.

use std::{fs, path::Path};

use super::partial_file::part_of;

/// Removes the unfinished file and its state, once the file has its name.
pub fn remove_unfinished(target: &Path) {
    let part = part_of(target);
    let state = part.with_added_extension("json");
    for path in [part, state] {
        // What cannot be removed is replaced by the next download of this name.
        let _ = fs::remove_file(path);
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::remove_unfinished;

    #[test]
    fn only_the_finished_file_stays() {
        let directory = tempfile::tempdir().unwrap();
        for name in ["v.mp4", "v.mp4.part", "v.mp4.part.json", "w.mp4.part"] {
            fs::write(directory.path().join(name), b"x").unwrap();
        }
        remove_unfinished(&directory.path().join("v.mp4"));
        remove_unfinished(&directory.path().join("v.mp4"));
        let entries = fs::read_dir(directory.path()).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["v.mp4", "w.mp4.part"]);
    }
}
