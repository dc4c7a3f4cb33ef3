//! The structure of the workspace: which way dependencies run, and that only the document names its members.

mod arrows;
mod field_names;
mod third_party;
