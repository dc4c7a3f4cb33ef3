//! The URL of the place in an object store that videos go to.

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use url::Url;

use super::error::FetchError;

const SCHEMES: [&str; 4] = ["s3", "gs", "az", "file"];

/// A place in an object store, such as `s3://bucket/prefix`: `s3`, `gs`, `az` (Azure) or `file`.
///
/// It has no credentials in it; those come from the environment.
#[derive(Clone, PartialEq, Eq)]
pub struct StoreUrl(pub(super) Url);

impl StoreUrl {
    /// Whether a text is a URL rather than a path of a directory.
    #[must_use]
    pub fn is_url(text: &str) -> bool {
        text.contains("://")
    }

    /// The URL of an object, which the ledger has in place of a file name.
    pub(super) fn of_object(&self, name: &str) -> String {
        format!("{self}/{name}")
    }

    /// The name of an object that is directly in this place.
    pub(super) fn name_of<'a>(&self, object: &'a str) -> Option<&'a str> {
        let name = object.strip_prefix(&self.to_string())?.strip_prefix('/')?;
        (!name.is_empty() && !name.contains('/')).then_some(name)
    }
}

impl FromStr for StoreUrl {
    type Err = FetchError;

    fn from_str(text: &str) -> Result<Self, FetchError> {
        let expected = "expected a URL such as s3://bucket/prefix, gs://bucket/prefix, \
                        az://container/prefix or file:///directory";
        // The text can have a password in it, so no message repeats it.
        let url = Url::parse(text).map_err(|_| FetchError::input(expected.to_owned()))?;
        if !SCHEMES.contains(&url.scheme()) {
            return Err(FetchError::input(format!(
                "videos cannot be stored in {}://: {expected}",
                url.scheme()
            )));
        }
        let has_more = url.query().is_some() || url.fragment().is_some() || url.port().is_some();
        if has_more || !url.username().is_empty() || url.password().is_some() {
            return Err(FetchError::input(format!(
                "the URL of a store has no user, password, port or query; credentials and the \
                 endpoint come from the environment: {expected}"
            )));
        }
        let has_place = match url.scheme() {
            "file" => url.host().is_none() && url.path().len() > 1,
            _ => url.host_str().is_some_and(|bucket| !bucket.is_empty()),
        };
        if has_place {
            Ok(Self(url))
        } else {
            Err(FetchError::input(format!(
                "the URL of the store names no bucket or directory: {expected}"
            )))
        }
    }
}

impl fmt::Display for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

impl fmt::Debug for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoreUrl({self})")
    }
}

/// Where a video is that the ledger has under this name: in the directory, or at a URL.
pub(super) fn location(directory: &Path, file: &str) -> PathBuf {
    if StoreUrl::is_url(file) {
        PathBuf::from(file)
    } else {
        directory.join(file)
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{StoreUrl, location};

    #[test]
    fn what_is_no_place_in_a_store_is_refused_without_its_secrets() {
        for wrong in [
            "ftp://user:hunter2@host/videos",
            "s3://key:hunter2@bucket/videos",
            "s3://hunter2@bucket/videos",
            "az://container/videos?sig=hunter2",
            "gs://bucket/videos#hunter2",
            "s3://bucket:9000/hunter2",
            "s3:///hunter2",
            "file://host/hunter2",
            "file:///",
            "hunter2 ://",
        ] {
            let error = wrong.parse::<StoreUrl>().unwrap_err();
            assert!(error.is_input(), "{wrong}");
            let text = format!("{error} {error:?}");
            assert!(text.contains("s3://bucket/prefix"), "{wrong}: {text}");
            assert!(!text.contains("hunter2"), "{wrong}: {text}");
        }
    }

    #[test]
    fn an_object_is_known_by_the_url_of_its_place() {
        for url in ["s3://bucket/a/b", "s3://bucket/a/b/"] {
            let place: StoreUrl = url.parse().unwrap();
            let object = place.of_object("t.mp4");
            assert_eq!(object, "s3://bucket/a/b/t.mp4");
            assert_eq!(place.name_of(&object), Some("t.mp4"));
            for other in ["t.mp4", "s3://bucket/a/bc/t.mp4", "s3://bucket/a/b/c/t.mp4"] {
                assert_eq!(place.name_of(other), None, "{other}");
            }
            assert_eq!(
                location(Path::new("videos"), &object),
                PathBuf::from(object)
            );
        }
        let file = location(Path::new("videos"), "t.mp4");
        assert_eq!(file, Path::new("videos").join("t.mp4"));
    }
}
