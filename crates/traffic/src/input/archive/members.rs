//! The members of an archive, one after the other.

use super::{member::Next, tar::TarMembers, zip_members::ZipMembers};

/// The members of an archive.
pub(in crate::input) enum Members<'a> {
    Tar(TarMembers<'a>),
    Zip(ZipMembers),
}

impl<'a> Members<'a> {
    pub fn next(&mut self) -> Option<Next<'a>> {
        match self {
            Self::Tar(members) => members.next(),
            Self::Zip(members) => members.next(),
        }
    }
}
