//! What `x-shape`, `x-outcome` and `x-task-form` can be.

/// The values of `x-outcome`.
pub const OUTCOMES: [&str; 3] = ["pending", "succeeded", "failed"];

/// The values of `x-task-form`: the forms that the library reads a task from besides the documented
/// one, as far as they are an operation's own.
pub const TASK_FORMS: [&str; 2] = ["video_object", "content_list"];

/// Whether a name of a shape can be one in Rust, and none that is taken.
pub fn is_shape_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !name.ends_with('_')
        && !matches!(name, "error" | "self" | "unmatched")
}
