//! A struct of the fast path: the alternatives that can stand at one place, merged.

/// The struct, and what it is made of.
pub struct MergedStruct {
    /// The name of the struct.
    pub name: String,
    /// The members of all of the alternatives.
    pub fields: Vec<MergedField>,
}

/// A member as it is read.
pub struct MergedField {
    /// The member's name in JSON.
    pub name: String,
    pub field_type: FieldType,
    /// The documented values, if they are a set.
    pub values: Vec<String>,
    /// Whether it is not in the vendor's documentation, but seen in real bodies.
    pub is_observed: bool,
}

/// What a member holds.
pub enum FieldType {
    Text,
    Integer,
    Boolean,
    /// An object, read into this struct.
    Object(String),
    /// Anything at all: not read, so a body that has it is left to the schemas.
    Free,
}
