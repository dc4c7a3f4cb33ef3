//! A table of the documented fields of a success, and code that counts those of a body.

use std::fmt::Write as _;

use super::{
    merged_struct::{FieldType, MergedStruct},
    names::identifier,
};
use seedance_spec::pointer::Pointer;

/// Generates the table and the function, which goes through the structs from the root.
pub fn generate(root: &str, structs: &[MergedStruct]) -> String {
    let mut writer = Writer {
        structs,
        fields: String::new(),
        counting: String::new(),
        count: 0,
        first_value: 0,
    };
    writer.object(root, "response", &[]);
    format!(
        "/// The documented fields, each with its documented values if they are a set.\n\
         pub const FIELDS: &[Field] = &[\n{}];\n\
         /// Counts the fields that a documented body has.\n\
         pub fn count(response: &{root}<'_>, counter: &mut impl FieldCounter) {{\n{}}}\n",
        writer.fields, writer.counting
    )
}

struct Writer<'a> {
    structs: &'a [MergedStruct],
    fields: String,
    counting: String,
    /// How many fields the table has so far.
    count: usize,
    /// How many values they have.
    first_value: usize,
}

impl Writer<'_> {
    /// The members of an object that the generated code knows by this variable.
    fn object(&mut self, name: &str, variable: &str, holder: &[&str]) {
        let merged = self.structs.iter().find(|merged| merged.name == name);
        for member in merged.into_iter().flat_map(|merged| &merged.fields) {
            let path = [holder, &[member.name.as_str()]].concat();
            let pointer = path.iter().fold(Pointer::root(), |at, name| at.join(name));
            let pointer = pointer.to_string();
            let index = self.count;
            let _ = writeln!(
                self.fields,
                "Field {{ pointer: {pointer:?}, path: &{path:?}, values: &{:?}, first_value: {}, is_observed: {} }},",
                member.values, self.first_value, member.is_observed
            );
            self.count += 1;
            self.first_value += member.values.len();
            let inner = format!("inner_{index}");
            let is_used =
                matches!(member.field_type, FieldType::Object(_)) || !member.values.is_empty();
            let _ = writeln!(
                self.counting,
                "if let Some({}) = &{variable}.{} {{\ncounter.field({index});",
                if is_used { inner.as_str() } else { "_" },
                identifier(&member.name)
            );
            if let FieldType::Object(object) = &member.field_type {
                self.object(object, &inner, &path);
            } else if !member.values.is_empty() {
                let _ = writeln!(self.counting, "counter.value(&FIELDS[{index}], {inner});");
            }
            self.counting.push_str("}\n");
        }
    }
}
