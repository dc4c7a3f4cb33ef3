//! A catalogue: an enum whose entries each have a stable id, a meaning and some details.

use std::fmt;

#[doc(hidden)]
pub use serde;

/// No entry of the catalogue has this id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownId {
    pub(crate) id: String,
}

impl UnknownId {
    #[doc(hidden)]
    #[must_use]
    pub fn new(id: &str) -> Self {
        Self { id: id.to_owned() }
    }
}

impl fmt::Display for UnknownId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a known id", self.id)
    }
}

impl std::error::Error for UnknownId {}

/// Defines a catalogue.
///
/// An entry is its documentation, which is its meaning too, the variant, the id, and its details;
/// the variants of the enums after `in` need no path there. The details are for the methods of the
/// catalogue's own module.
#[doc(hidden)]
#[macro_export]
macro_rules! catalogue {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident: $details:ty, in $($scope:ident),+ {
            $($(#[doc = $doc:literal])+ $variant:ident, $id:literal, $detail:expr;)+
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl $name {
            /// Every entry, in the order of the catalogue.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The stable id.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)+ }
            }

            /// What it means, in one sentence.
            #[must_use]
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+).trim_ascii(),)+ }
            }

            const fn details(self) -> $details {
                $(use $scope::*;)+
                match self { $(Self::$variant => $detail,)+ }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.id())
            }
        }

        impl ::std::convert::AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.id()
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::model::catalogue::UnknownId;

            fn from_str(id: &str) -> ::std::result::Result<Self, Self::Err> {
                let mut all = Self::ALL.iter().copied();
                all.find(|entry| entry.id() == id)
                    .ok_or_else(|| $crate::model::catalogue::UnknownId::new(id))
            }
        }

        impl $crate::model::catalogue::serde::Serialize for $name {
            fn serialize<S: $crate::model::catalogue::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.id())
            }
        }
    };
}

pub use catalogue;
