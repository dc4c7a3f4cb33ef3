//! What `x-shape` and `x-outcome` can be.

/// The values of `x-outcome`.
pub const OUTCOMES: [&str; 3] = ["pending", "succeeded", "failed"];

/// Whether a name of a shape can be one in Rust, and none that is taken.
pub fn is_shape_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !name.ends_with('_')
        && !matches!(name, "error" | "self" | "unmatched")
}
