//! What an error of a store means, without what it says of URLs and credentials.

use std::{error::Error as StdError, fmt};

use object_store::{
    Error,
    client::{HttpError, HttpErrorKind},
};

use super::connector::{NoCredentials, StoreFull};

/// An error of a store.
///
/// Texts of the store are not repeated: they can have signatures and the id of a key in them. Its status
/// and the code of its error are.
#[derive(Debug)]
pub(super) struct Failure {
    kind: Kind,
    status: Option<u16>,
    code: Option<String>,
    /// What happened to the connection or the file.
    cause: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    NotFound,
    Exists,
    Denied,
    Full,
    NotSupported,
    NoCredentials,
    /// A connection that is cut or slow, or a fault of the server.
    Passing,
    Other,
}

/// Codes of stores that have no room.
const FULL: [&str; 4] = [
    "QuotaExceeded",
    "XMinioStorageFull",
    "InsufficientStorage",
    "AccountQuotaExceeded",
];

impl Failure {
    /// What is looked for is not there; or the bucket is not.
    pub fn is_not_found(&self) -> bool {
        self.kind == Kind::NotFound
    }

    pub fn is_passing(&self) -> bool {
        self.kind == Kind::Passing
    }

    /// The store has no way to create only what is not there.
    pub fn is_not_supported(&self) -> bool {
        self.kind == Kind::NotSupported
    }

    /// The credentials are right, but may not do this.
    pub fn is_only_forbidden(&self) -> bool {
        self.kind == Kind::Denied && self.code.as_deref() == Some("AccessDenied")
    }

    fn advice(&self) -> &'static str {
        match self.kind {
            Kind::NotFound if self.code.as_deref() == Some("NoSuchUpload") => {
                "another run has taken the upload over; run again"
            }
            Kind::NotFound => "there is no such bucket: create it, or correct the URL",
            Kind::Denied => {
                "check the credentials, the region and what the bucket's policy allows, and run again"
            }
            Kind::Full => "the store is full: make room or raise its quota, and run again",
            Kind::NoCredentials => {
                "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, GOOGLE_SERVICE_ACCOUNT or \
                 AZURE_STORAGE_ACCOUNT_KEY; a metadata service is asked only if it is named, such \
                 as in AWS_METADATA_ENDPOINT"
            }
            Kind::Passing => "run again to continue",
            Kind::Exists | Kind::NotSupported | Kind::Other => "check the settings of the store",
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let chain = Chain(&error);
        let http = chain.find::<HttpError>();
        let text = chain.text();
        let status = status(&text);
        let code = code(&text);
        let is_full = status == Some(507)
            || chain.find::<StoreFull>().is_some()
            || code.as_deref().is_some_and(|code| FULL.contains(&code))
            || text.contains("os error 28");
        // Not every request of the library tells these from other errors.
        let kind = match &error {
            _ if chain.find::<NoCredentials>().is_some() => Kind::NoCredentials,
            _ if is_full => Kind::Full,
            _ if status == Some(501) => Kind::NotSupported,
            Error::NotFound { .. } => Kind::NotFound,
            _ if status == Some(404) => Kind::NotFound,
            _ if matches!(status, Some(401 | 403)) => Kind::Denied,
            Error::AlreadyExists { .. }
            | Error::Precondition { .. }
            | Error::NotModified { .. } => Kind::Exists,
            Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => Kind::Denied,
            Error::NotImplemented { .. } | Error::NotSupported { .. } => Kind::NotSupported,
            _ if status.is_some_and(|status| status >= 500 || status == 429 || status == 408) => {
                Kind::Passing
            }
            _ if http.is_some_and(is_passing) => Kind::Passing,
            _ => Kind::Other,
        };
        let cause = match (status, http) {
            (Some(_), _) => None,
            (None, Some(http)) => Some(Chain(http).last()),
            (None, None) => Some(chain.last()),
        };
        Self {
            kind,
            status,
            code,
            cause,
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(status) = self.status {
            write!(f, "HTTP {status}")?;
            if let Some(code) = &self.code {
                write!(f, " ({code})")?;
            }
            f.write_str(": ")?;
        }
        if let Some(cause) = &self.cause {
            write!(f, "{cause}; ")?;
        }
        f.write_str(self.advice())
    }
}

fn is_passing(error: &HttpError) -> bool {
    use HttpErrorKind::{Connect, Interrupted, Request, Timeout};
    matches!(error.kind(), Connect | Interrupted | Request | Timeout)
}

/// An error and its causes.
struct Chain<'a>(&'a (dyn StdError + 'static));

impl<'a> Chain<'a> {
    fn iter(&self) -> impl Iterator<Item = &'a (dyn StdError + 'static)> + use<'a> {
        std::iter::successors(Some(self.0), |error| (*error).source())
    }

    fn find<T: StdError + 'static>(&self) -> Option<&'a T> {
        self.iter().find_map(|error| error.downcast_ref())
    }

    fn text(&self) -> String {
        let texts: Vec<String> = self.iter().map(ToString::to_string).collect();
        texts.join("\n")
    }

    fn last(&self) -> String {
        let last = self.iter().last();
        last.map(ToString::to_string).unwrap_or_default()
    }
}

/// The status in the text of an error, which is nowhere else.
fn status(text: &str) -> Option<u16> {
    let (_, rest) = text.split_once("status code: ")?;
    rest.get(..3)?.parse().ok()
}

/// The code of the error in the body of an answer, in XML.
fn code(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("<Code>")?;
    let (code, _) = rest.split_once("</Code>")?;
    let is_word = !code.is_empty() && code.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_word && code.len() < 60).then(|| code.to_owned())
}
