//! Files that are there whole or not at all.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::exchange::Capture;

impl Capture {
    /// Writes the capture to a file, whole or not at all; an older one is replaced.
    ///
    /// Secrets are written too: see [`redacted`](Self::redacted). If there are any, only the
    /// owner can read the file.
    ///
    /// # Errors
    ///
    /// If the directory is missing or cannot be written to; what was there before is there still.
    pub fn save(&self, path: &Path) -> io::Result<()> {
        let name = path.file_name().ok_or_else(|| {
            io::Error::new(io::ErrorKind::InvalidInput, "this is not a file name")
        })?;
        let directory = match path.parent() {
            Some(parent) if parent != Path::new("") => parent,
            _ => Path::new("."),
        };
        let access = if self.redacted(&[]) == *self {
            Access::Default
        } else {
            Access::Private
        };
        let temporary = Temporary::write(directory, name, &self.to_bytes(), true, access)?;
        fs::rename(&temporary.path, path)?;
        sync_directory(directory)
    }
}

/// Writes a new file, and says whether the name was free.
pub(super) fn create(
    path: &Path,
    bytes: &[u8],
    is_synced: bool,
    access: Access,
) -> io::Result<bool> {
    let (Some(directory), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(io::ErrorKind::InvalidInput.into());
    };
    let temporary = Temporary::write(directory, name, bytes, is_synced, access)?;
    let outcome = match fs::hard_link(&temporary.path, path) {
        // Some file systems have no links; there the name is taken first, and then filled.
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
            File::create_new(path).and_then(|_| fs::rename(&temporary.path, path))
        }
        outcome => outcome,
    };
    match outcome {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        outcome => outcome.map(|()| true),
    }
}

/// Makes the names in a directory survive a power cut.
pub(super) fn sync_directory(directory: &Path) -> io::Result<()> {
    if cfg!(unix) {
        File::open(directory)?.sync_all()?;
    }
    Ok(())
}

/// Who can read a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// Whoever the system's default lets.
    Default,
    /// The owner alone, since there are secrets in it.
    Private,
}

/// Options to open a file that, if it is made, only its owner can read.
#[doc(hidden)]
#[must_use]
pub fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
}

/// A complete file that is not where it belongs yet. If it stays behind, it is hidden.
struct Temporary {
    path: PathBuf,
}

impl Temporary {
    fn write(
        directory: &Path,
        name: &std::ffi::OsStr,
        bytes: &[u8],
        is_synced: bool,
        access: Access,
    ) -> io::Result<Self> {
        // Hidden, so that no one who lists the captures takes it for one.
        let mut hidden = OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{:016x}.tmp", fastrand::u64(..)));
        let path = directory.join(hidden);
        // Only what is made here may be removed: a file that is there already is someone else's.
        let mut options = match access {
            Access::Default => OpenOptions::new(),
            Access::Private => private_file(),
        };
        let mut file = options.write(true).create_new(true).open(&path)?;
        let temporary = Self { path };
        file.write_all(bytes)?;
        if is_synced {
            file.sync_all()?;
        }
        Ok(temporary)
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // After a rename there is nothing left; before one, the first error is the one that tells.
        let _ = fs::remove_file(&self.path);
    }
}

/// Whether a file is one that [`Capture::save`] was writing when its process ended.
#[doc(hidden)]
#[must_use]
pub fn is_left_over(name: &str) -> bool {
    let random = name
        .strip_prefix('.')
        .and_then(|name| name.strip_suffix(".tmp")?.rsplit_once(".http."));
    random.is_some_and(|(_, random)| {
        random.len() == 16 && random.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use http::StatusCode;

    use super::{super::exchange::Capture, Access, create};

    #[test]
    fn a_file_is_whole_or_not_there() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.http");
        for body in ["first", "2nd"] {
            let capture = Capture::new(StatusCode::OK, Vec::new(), body);
            capture.save(&path).unwrap();
            assert_eq!(fs::read(&path).unwrap(), capture.to_bytes());
        }
        let capture = Capture::new(StatusCode::OK, Vec::new(), "");
        let in_the_way = directory.path().join("b.http");
        fs::create_dir(&in_the_way).unwrap();
        assert!(capture.save(&in_the_way).is_err());
        assert!(capture.save(&directory.path().join("none/c.http")).is_err());
        assert!(capture.save("/".as_ref()).is_err());
        let left = fs::read_dir(directory.path()).unwrap().count();
        assert_eq!(left, 2, "a file was left behind");
    }

    #[cfg(unix)]
    #[test]
    fn secrets_are_for_the_owner_alone() {
        use std::os::unix::fs::PermissionsExt;
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.http");
        let mode = |body: &str| {
            let capture = Capture::new(StatusCode::OK, Vec::new(), body);
            capture.save(&path).unwrap();
            fs::metadata(&path).unwrap().permissions().mode() & 0o777
        };
        assert_eq!(mode("https://a.example/v?sig=c0ffee"), 0o600);
        assert_ne!(mode("https://a.example/v?sig=REDACTED") & 0o044, 0);
    }

    #[test]
    fn a_name_is_taken_once() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.http");
        assert!(create(&path, b"first", true, Access::Default).unwrap());
        assert!(!create(&path, b"second", false, Access::Default).unwrap());
        assert_eq!(fs::read(&path).unwrap(), b"first");
        assert!(
            create(
                &directory.path().join("none/a.http"),
                b"",
                false,
                Access::Default
            )
            .is_err()
        );
        let left = fs::read_dir(directory.path()).unwrap().count();
        assert_eq!(left, 1, "a file was left behind");
    }
}
