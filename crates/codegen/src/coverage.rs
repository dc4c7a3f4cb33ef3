//! A table of the documented fields of a success, and code that counts those of a body.

use std::fmt::Write as _;

use super::fast_path::{Kind, Place, identifier};

/// Generates the table and the function, which goes through the structs from the root.
pub fn generate(root: &str, places: &[Place]) -> String {
    let mut writer = Writer {
        places,
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
         pub fn count(response: &{root}<'_>, coverage: &mut Coverage) {{\n{}}}\n",
        writer.fields, writer.counting
    )
}

struct Writer<'a> {
    places: &'a [Place],
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
        let place = self.places.iter().find(|place| place.name == name);
        for member in place.into_iter().flat_map(|place| &place.slots) {
            let path = [holder, &[member.name.as_str()]].concat();
            let escaped = path
                .iter()
                .map(|name| name.replace('~', "~0").replace('/', "~1"));
            let pointer = format!("/{}", escaped.collect::<Vec<_>>().join("/"));
            let index = self.count;
            let _ = writeln!(
                self.fields,
                "Field {{ pointer: {pointer:?}, path: &{path:?}, values: &{:?}, first_value: {} }},",
                member.values, self.first_value
            );
            self.count += 1;
            self.first_value += member.values.len();
            let inner = format!("inner_{index}");
            let is_used = matches!(member.kind, Kind::Object(_)) || !member.values.is_empty();
            let _ = writeln!(
                self.counting,
                "if let Some({}) = &{variable}.{} {{\ncoverage.field({index});",
                if is_used { inner.as_str() } else { "_" },
                identifier(&member.name)
            );
            if let Kind::Object(object) = &member.kind {
                self.object(object, &inner, &path);
            } else if !member.values.is_empty() {
                let _ = writeln!(self.counting, "coverage.value(&FIELDS[{index}], {inner});");
            }
            self.counting.push_str("}\n");
        }
    }
}
