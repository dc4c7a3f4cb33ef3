//! Pages that a program adds to those of the proxy.

use bytes::Bytes;
use http::{Response, request::Parts};

/// A page that a program adds.
#[derive(Clone, Debug)]
pub struct OwnPage {
    /// The page.
    pub response: Response<Bytes>,
    /// Who can read it.
    pub access: PageAccess,
}

/// Who can read a page, besides browsers under a local host name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageAccess {
    /// Everyone: nothing in it comes from the traffic.
    Public,
    /// Who has the [token](super::ProxyBuilder::page_token), if there is one.
    WithToken,
}

/// The page that a request to the proxy asks for, if it asks for one.
pub(super) type OwnPages = Box<dyn Fn(&Parts) -> Option<OwnPage> + Send + Sync>;
