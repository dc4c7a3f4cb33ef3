//! The structure of the workspace: which way dependencies run.

mod arrows;
mod third_party;
