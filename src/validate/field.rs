//! A documented field, and who counts how often it is there.

/// A documented field of a success.
#[derive(Debug)]
pub struct Field {
    /// The JSON Pointer to it.
    pub pointer: &'static str,
    /// The names that lead to it.
    pub path: &'static [&'static str],
    /// The documented values, if they are a set.
    pub values: &'static [&'static str],
    /// Where the counts of its values begin among those of all fields.
    pub first_value: usize,
    /// Whether it is not in the vendor's documentation, but seen in real bodies.
    pub is_observed: bool,
}

/// Counts the fields that a body has.
pub trait FieldCounter {
    /// A field is there; the index is that among all fields.
    fn field(&mut self, index: usize);

    /// Its value, if the documented values are a set.
    fn value(&mut self, field: &Field, text: &str);
}
