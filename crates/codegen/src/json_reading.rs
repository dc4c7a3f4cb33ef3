//! How a struct of the fast path is read from JSON that is not as documented.

use std::fmt::Write as _;

use super::{
    merged_struct::{FieldType, MergedField},
    names::identifier,
};

/// The method that reads the struct member by member; what has another type is left out.
pub fn method(fields: &[MergedField]) -> String {
    let mut members = String::new();
    for MergedField {
        name, field_type, ..
    } in fields
    {
        let field = identifier(name);
        let _ = match field_type {
            FieldType::Text => writeln!(members, "{field}: json::text(object, {name:?}),"),
            FieldType::Integer => writeln!(members, "{field}: json::integer(object, {name:?}),"),
            FieldType::Boolean => writeln!(members, "{field}: json::boolean(object, {name:?}),"),
            FieldType::Object(inner) => writeln!(
                members,
                "{field}: json::object(object, {name:?}).map({inner}::of_json),"
            ),
            FieldType::Free => writeln!(members, "{field}: None,"),
        };
    }
    format!(
        "/// Reads what has the documented type, and leaves out the rest.\n\
         pub fn of_json(object: &'a serde_json::Map<String, serde_json::Value>) -> Self {{\n\
         Self {{\n{members}}}\n}}\n"
    )
}
