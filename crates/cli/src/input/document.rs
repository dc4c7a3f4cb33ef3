//! An OpenAPI document: a file, or what it was at a revision of git.

use std::{
    ffi::OsStr,
    fs,
    path::Path,
    process::{Command, Output},
};

/// A document that is to be compared.
pub(crate) struct Document {
    /// What messages call it.
    pub name: String,
    pub source: String,
}

impl Document {
    pub fn of_file(path: &Path) -> Result<Self, String> {
        let name = path.display().to_string();
        match fs::read_to_string(path) {
            Ok(source) => Ok(Self { name, source }),
            Err(error) => Err(format!("cannot read {name}: {error}")),
        }
    }

    /// The file as it was at a revision; `None` if it did not exist.
    pub fn at_revision(revision: &str, path: &Path) -> Result<Option<Self>, String> {
        let (Some(directory), Some(file)) = (path.parent(), path.file_name()) else {
            return Err(format!("{} is not a file", path.display()));
        };
        let git = |arguments: &[&OsStr]| git(directory, arguments);
        let name = format!("{revision}:{}", path.display());

        let commit = format!("{revision}^{{commit}}");
        let verify = ["rev-parse", "--verify", "--quiet", "--end-of-options"].map(OsStr::new);
        let found = git(&[&verify[..], &[commit.as_ref()]].concat())?;
        let commit = text(&found.stdout)?.trim().to_owned();
        if !found.status.success() || commit.is_empty() {
            let reason = String::from_utf8_lossy(&found.stderr);
            return Err(match reason.trim().lines().next() {
                Some(reason) => format!("cannot read {name}: git: {reason}"),
                None => format!(
                    "{revision} is not a commit of this repository; a shallow clone lacks older ones"
                ),
            });
        }

        let listed = git(&[
            "ls-tree".as_ref(),
            "--name-only".as_ref(),
            commit.as_ref(),
            "--".as_ref(),
            file,
        ])?;
        if listed.stdout.is_empty() {
            return Ok(None);
        }
        let mut object = std::ffi::OsString::from(format!("{commit}:./"));
        object.push(file);
        let content = git(&["cat-file".as_ref(), "blob".as_ref(), &object])?;
        if !content.status.success() {
            let reason = String::from_utf8_lossy(&content.stderr);
            return Err(format!("cannot read {name}: git: {}", reason.trim()));
        }
        let source = text(&content.stdout)?.to_owned();
        Ok(Some(Self { name, source }))
    }
}

/// Runs git where the file is, which need not be the repository of the current directory.
fn git(directory: &Path, arguments: &[&OsStr]) -> Result<Output, String> {
    let mut command = Command::new("git");
    if !directory.as_os_str().is_empty() {
        command.arg("-C").arg(directory);
    }
    // A path such as `*.yaml` is a name, not a pattern.
    command.arg("--literal-pathspecs").args(arguments);
    let output = command.output();
    output.map_err(|error| format!("cannot run git: {error}; --diff compares files without it"))
}

fn text(bytes: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(bytes).map_err(|error| format!("git printed no UTF-8: {error}"))
}
