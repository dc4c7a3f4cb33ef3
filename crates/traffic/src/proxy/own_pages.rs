//! Pages that a program adds to those of the proxy.

use std::fmt;

use bytes::Bytes;
use http::{Response, request::Parts};

/// A page that a program adds; it is made only for who can read it.
pub struct OwnPage {
    access: PageAccess,
    make: Box<dyn FnOnce() -> Response<Bytes> + Send>,
}

/// Who can read a page, besides browsers under a local host name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageAccess {
    /// Everyone: nothing in it comes from the traffic.
    Public,
    /// Who has the [token](super::ProxyBuilder::page_token), if there is one.
    WithToken,
}

impl OwnPage {
    /// A page that is made by a function, which may take its time: no traffic waits for it.
    pub fn new(
        access: PageAccess,
        make: impl FnOnce() -> Response<Bytes> + Send + 'static,
    ) -> Self {
        Self {
            access,
            make: Box::new(make),
        }
    }

    /// Who can read it.
    #[must_use]
    pub fn access(&self) -> PageAccess {
        self.access
    }

    /// Makes the page.
    #[must_use]
    pub fn make(self) -> Response<Bytes> {
        (self.make)()
    }
}

impl fmt::Debug for OwnPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OwnPage")
            .field("access", &self.access)
            .finish_non_exhaustive()
    }
}

/// The page that a request to the proxy asks for, if it asks for one.
pub(super) type OwnPages = Box<dyn Fn(&Parts) -> Option<OwnPage> + Send + Sync>;
