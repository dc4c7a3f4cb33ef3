//! How reports name the program that wrote them.

/// The program.
pub(super) const NAME: &str = "seedance-query";
/// Where it is documented.
pub(super) const INFORMATION: &str = "https://docs.rs/seedance-query";
