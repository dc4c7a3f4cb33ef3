//! What a failed download leaves on the disk.

use std::{fmt, path::PathBuf};

use super::size::Size;

/// What a failed download leaves.
#[derive(Debug)]
pub(super) struct Kept {
    pub path: PathBuf,
    pub bytes: u64,
    pub total: Option<u64>,
    /// Whether the next download goes on from there.
    pub can_resume: bool,
}

impl fmt::Display for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", Size(self.bytes))?;
        if let Some(total) = self.total {
            write!(f, " of {}", Size(total))?;
        }
        write!(f, " are kept in {}: run again to ", self.path.display())?;
        f.write_str(if self.can_resume {
            "go on from there"
        } else {
            "start over"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{super::error::DownloadError, Kept};

    #[test]
    fn what_is_kept_is_said() {
        let kept = |can_resume| {
            Some(Kept {
                path: "v.mp4.part".into(),
                bytes: 12_345_678,
                total: Some(40_000_000),
                can_resume,
            })
        };
        let error = DownloadError::interrupted("broken".into());
        assert_eq!(error.to_string(), "broken");
        let error = error.with_kept(kept(true));
        assert_eq!(
            error.to_string(),
            "broken; 12.3 MB of 40.0 MB are kept in v.mp4.part: run again to go on from there"
        );
        let error = error.with_kept(kept(false));
        assert!(error.to_string().ends_with("run again to start over"));
    }
}
