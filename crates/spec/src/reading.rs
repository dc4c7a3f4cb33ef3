//! The two readings of a document.

/// How much of the spec a body has to fulfil.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// What a client must be able to rely on.
    Contract,
    /// The contract and all that the documentation promises.
    Documentation,
}

impl Reading {
    /// Both readings.
    pub const ALL: [Self; 2] = [Self::Contract, Self::Documentation];

    /// The name, such as `contract`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Contract => "contract",
            Self::Documentation => "documentation",
        }
    }

    pub(super) fn description(self) -> &'static str {
        match self {
            Self::Contract => "What a client must be able to rely on.",
            Self::Documentation => "The contract and all that the documentation promises.",
        }
    }
}
