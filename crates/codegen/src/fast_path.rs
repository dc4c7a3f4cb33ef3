//! Types that accept the bytes of a documented success, and nothing that is not documented.
//!
//! At each place of the body the alternatives that can stand there (the shapes of a task, say) are
//! merged into one struct with all of their members, so that one pass over the bytes suffices
//! whatever their order. Then each alternative is a check: its members are there and fit, those of
//! the others are not there.

use std::{collections::BTreeSet, fmt::Write as _};

use serde_json::{Map, Value};

use super::{coverage, tables::shape_variant};
use seedance_spec::{
    Fault,
    compose::Schemas,
    pointer::{Pointer, schema_name},
    union::ends,
};

/// The struct for the whole body.
const ROOT: &str = "Response";

/// Whether the module has something else of this name.
fn name_is_taken(name: &str) -> bool {
    matches!(
        name,
        "Coverage" | "Cow" | "Field" | "LazyLock" | "Option" | "Regex" | "Shape"
    )
}

/// Generates the module `documented`, and tells the structs that are in it.
pub fn generate(schemas: &Schemas) -> Result<(String, Vec<Place>), Fault> {
    let mut generator = Generator {
        schemas,
        places: Vec::new(),
        structs: String::new(),
        patterns: Vec::new(),
        done: BTreeSet::new(),
        under_way: Vec::new(),
    };
    generator.place(ROOT, &[schemas.success.as_str()])?;
    let coverage = coverage::generate(ROOT, &generator.places);
    let mut out = String::from(
        "/// Accepts the body of a success that is as documented.\n\
         pub mod documented {\n\
         use std::{borrow::Cow, sync::LazyLock};\n\
         use regex::Regex;\n\
         use crate::{model::Shape, validate::{coverage::{Coverage, Field}, de::{boolean, integer, nullable, reject, some, text}}};\n",
    );
    for (index, pattern) in generator.patterns.iter().enumerate() {
        let _ = writeln!(
            out,
            "static PATTERN_{index}: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new({pattern:?}).ok());"
        );
    }
    out.push_str(&generator.structs);
    out.push_str(&coverage);
    out.push_str("}\n");
    Ok((out, generator.places))
}

/// A struct, and what can stand where it is read.
pub struct Place {
    pub name: String,
    pub borrows: bool,
    /// The schemas that the place refers to, unions among them.
    pub candidates: Vec<String>,
    /// The objects that these come down to.
    pub alternatives: Vec<String>,
    pub slots: Vec<Slot>,
}

/// A member as it is read.
pub struct Slot {
    pub name: String,
    pub kind: Kind,
    /// The documented values, if they are a set.
    pub values: Vec<String>,
}

struct Generator<'a> {
    schemas: &'a Schemas,
    places: Vec<Place>,
    structs: String,
    patterns: Vec<String>,
    done: BTreeSet<String>,
    /// The structs being written, outermost first.
    under_way: Vec<String>,
}

/// What a member holds.
pub enum Kind {
    Text,
    Integer,
    Boolean,
    /// An object, read into this struct.
    Object(String),
    /// Anything at all: not read, so a body that has it is left to the schemas.
    Free,
}

/// A member of one alternative: what its documentation says.
struct Member<'a> {
    schema: &'a Map<String, Value>,
    target: Option<&'a str>,
    promised: bool,
}

impl<'a> Generator<'a> {
    fn schema(&self, name: &str) -> Option<&'a Map<String, Value>> {
        self.schemas.by_name.get(name)?.as_object()
    }

    fn member(&self, alternative: &str, name: &str) -> Option<Member<'a>> {
        let object = self.schema(alternative)?;
        let property = object.get("properties")?.get(name)?.as_object()?;
        let target = property
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(schema_name);
        let required = object.get("required").and_then(Value::as_array);
        Some(Member {
            schema: target
                .and_then(|target| self.schema(target))
                .unwrap_or(property),
            target,
            promised: property.contains_key("x-presence")
                || required.is_some_and(|names| names.iter().any(|required| required == name)),
        })
    }

    /// Writes the struct for a place where any of these schemas can stand.
    fn place(&mut self, name: &str, candidates: &[&'a str]) -> Result<(), Fault> {
        if !self.done.insert(name.to_owned()) {
            return Err(Fault::at(
                &Pointer::schema(name),
                "a schema that contains itself is not supported",
            ));
        }
        let is_derived = !candidates.contains(&name);
        if name_is_taken(name) || (is_derived && self.schemas.by_name.contains_key(name)) {
            let message =
                format!("the name `{name}` is used in the generated code; choose another");
            return Err(Fault::at(&Pointer::schema(name), message));
        }
        self.under_way.push(name.to_owned());
        let alternatives: Vec<&str> = candidates
            .iter()
            .flat_map(|candidate| ends(self.schemas, candidate))
            .map(|(name, _)| name)
            .collect();
        let mut names = BTreeSet::new();
        for alternative in &alternatives {
            let properties = self
                .schema(alternative)
                .and_then(|schema| schema.get("properties"));
            names.extend(
                properties
                    .and_then(Value::as_object)
                    .into_iter()
                    .flat_map(Map::keys),
            );
        }
        let mut fields = String::new();
        let mut kinds = Vec::new();
        let mut identifiers = BTreeSet::new();
        for member in names {
            if !identifiers.insert(identifier(member)) {
                let message = format!("`{member}` has the same name in Rust as another member");
                return Err(Fault::at(&Pointer::schema(name), message));
            }
            let kind = self.kind(name, member, &alternatives)?;
            fields.push_str(&self.field(member, &kind, &alternatives));
            kinds.push((member, kind));
        }
        let borrows = kinds
            .iter()
            .any(|(_, kind)| matches!(kind, Kind::Text | Kind::Object(_)));
        let lifetime = if borrows { "<'a>" } else { "" };
        let anonymous = if borrows { "<'_>" } else { "" };
        let mut checks = String::new();
        for alternative in &alternatives {
            checks.push_str(&self.check(alternative, &kinds));
        }
        checks.push_str(&self.shape(&alternatives, &kinds));
        let _ = write!(
            self.structs,
            "#[derive(serde::Deserialize)]\n#[serde(deny_unknown_fields)]\n\
             pub struct {name}{lifetime} {{\n{fields}}}\n\
             impl {name}{anonymous} {{\n{checks}}}\n"
        );
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        self.places.push(Place {
            name: name.to_owned(),
            borrows,
            candidates: owned(candidates),
            alternatives: owned(&alternatives),
            slots: kinds
                .into_iter()
                .map(|(member, kind)| Slot {
                    values: self.values(member, &alternatives),
                    name: member.clone(),
                    kind,
                })
                .collect(),
        });
        self.under_way.pop();
        Ok(())
    }

    /// The documented values of a member in any of the alternatives, in the order of the spec.
    fn values(&self, name: &str, alternatives: &[&'a str]) -> Vec<String> {
        let mut values: Vec<String> = Vec::new();
        for member in alternatives
            .iter()
            .filter_map(|alternative| self.member(alternative, name))
        {
            for value in documented_values(member.schema) {
                if !values.iter().any(|known| known == value) {
                    values.push(value.to_owned());
                }
            }
        }
        values
    }

    fn kind(&mut self, place: &str, name: &str, alternatives: &[&'a str]) -> Result<Kind, Fault> {
        let mut kinds = BTreeSet::new();
        let mut targets: Vec<&str> = Vec::new();
        for member in alternatives
            .iter()
            .filter_map(|alternative| self.member(alternative, name))
        {
            // Of unions, only the one that tells shapes is checked here.
            let has_members = member.schema.contains_key("properties")
                || member.schema.contains_key("discriminator");
            let kind = match member.schema.get("type").and_then(Value::as_str) {
                _ if has_members => "object",
                Some("object" | "array") | None => "free",
                Some(kind) => kind,
            };
            kinds.insert(kind);
            if let Some(target) = member.target.filter(|target| !targets.contains(target)) {
                targets.push(target);
            }
        }
        let mut kinds = kinds.into_iter();
        Ok(match (kinds.next(), kinds.next()) {
            (Some("string"), None) => Kind::Text,
            (Some("integer"), None) => Kind::Integer,
            (Some("boolean"), None) => Kind::Boolean,
            (Some("object"), None) if !targets.is_empty() => {
                let object = match targets.as_slice() {
                    [one] => (*one).to_owned(),
                    _ => format!("{place}{}", pascal(name)),
                };
                if self.under_way.contains(&object) {
                    let message = "a schema that contains itself is not supported";
                    return Err(Fault::at(&Pointer::schema(&object), message));
                }
                if !self.done.contains(&object) || targets.len() > 1 {
                    self.place(&object, &targets)?;
                }
                Kind::Object(object)
            }
            _ => Kind::Free,
        })
    }

    fn field(&self, name: &str, kind: &Kind, alternatives: &[&'a str]) -> String {
        let (kind, attribute) = match kind {
            Kind::Text => (
                "Option<Cow<'a, str>>".to_owned(),
                "borrow, default, deserialize_with = \"text\"",
            ),
            Kind::Integer => (
                "Option<i64>".to_owned(),
                "default, deserialize_with = \"integer\"",
            ),
            Kind::Boolean => (
                "Option<bool>".to_owned(),
                "default, deserialize_with = \"boolean\"",
            ),
            Kind::Free => (
                "Option<()>".to_owned(),
                "default, deserialize_with = \"reject\"",
            ),
            Kind::Object(object) => {
                let borrows = self.structs.contains(&format!("pub struct {object}<'a>"));
                let nullable = self.can_be_null(name, alternatives);
                let attribute = match (borrows, nullable) {
                    (true, true) => "borrow, default, deserialize_with = \"nullable\"",
                    (true, false) => "borrow, default, deserialize_with = \"some\"",
                    (false, true) => "default, deserialize_with = \"nullable\"",
                    (false, false) => "default, deserialize_with = \"some\"",
                };
                let lifetime = if borrows { "<'a>" } else { "" };
                (format!("Option<{object}{lifetime}>"), attribute)
            }
        };
        format!(
            "#[serde(rename = {name:?}, {attribute})]\npub {}: {kind},\n",
            identifier(name)
        )
    }

    /// Whether a null means the same as nothing, in every alternative.
    fn can_be_null(&self, name: &str, alternatives: &[&'a str]) -> bool {
        let mut members = alternatives
            .iter()
            .filter_map(|alternative| self.member(alternative, name));
        members.all(|member| {
            member.promised
                || member
                    .schema
                    .get("nullable")
                    .is_some_and(|nullable| nullable == true)
        })
    }

    /// The check for one alternative.
    fn check(&mut self, alternative: &str, kinds: &[(&String, Kind)]) -> String {
        let mut conditions = Vec::new();
        for (name, kind) in kinds {
            let field = format!("self.{}", identifier(name));
            let Some(member) = self.member(alternative, name) else {
                conditions.push(format!("{field}.is_none()"));
                continue;
            };
            if member.promised {
                conditions.push(format!("{field}.is_some()"));
            }
            match kind {
                Kind::Text => conditions.extend(self.text_conditions(&field, member.schema)),
                // The shape of what is inside is what `shape` returns, so it is checked there.
                Kind::Object(_) if member.schema.contains_key("discriminator") => {}
                Kind::Object(_) => conditions.extend(member.target.map(|target| {
                    format!(
                        "{field}.as_ref().is_none_or(|inner| inner.is_{}())",
                        snake(target)
                    )
                })),
                Kind::Integer | Kind::Boolean | Kind::Free => {}
            }
        }
        // What costs most is looked at last: it is seldom that which tells alternatives apart.
        conditions.sort_by_key(|condition| condition.contains("PATTERN_"));
        format!(
            "fn is_{}(&self) -> bool {{\n{}\n}}\n",
            snake(alternative),
            if conditions.is_empty() {
                "true".to_owned()
            } else {
                conditions.join("\n&& ")
            }
        )
    }

    fn text_conditions(&mut self, field: &str, schema: &Map<String, Value>) -> Vec<String> {
        let mut conditions = Vec::new();
        let values: Vec<String> = documented_values(schema)
            .map(|value| format!("{value:?}"))
            .collect();
        if !values.is_empty() {
            conditions.push(format!(
                "{field}.as_ref().is_none_or(|text| matches!(text.as_ref(), {}))",
                values.join(" | ")
            ));
        }
        if let Some(length) = schema.get("minLength").and_then(Value::as_u64) {
            conditions.push(format!(
                "{field}.as_ref().is_none_or(|text| text.chars().count() >= {length})"
            ));
        }
        if let Some(pattern) = schema.get("x-documented-pattern").and_then(Value::as_str) {
            let index = self.patterns.iter().position(|known| known == pattern);
            let index = index.unwrap_or_else(|| {
                self.patterns.push(pattern.to_owned());
                self.patterns.len() - 1
            });
            conditions.push(format!(
                "{field}.as_ref().is_none_or(|text| \
                 PATTERN_{index}.as_ref().is_some_and(|pattern| pattern.is_match(text)))"
            ));
        }
        conditions
    }

    /// Tells the alternative, where the alternatives are shapes or hold what has one.
    fn shape(&self, alternatives: &[&'a str], kinds: &[(&String, Kind)]) -> String {
        let mut body = String::new();
        for alternative in alternatives {
            let shape = self
                .schema(alternative)
                .and_then(|schema| schema.get("x-shape"));
            let Some(variant) = shape.and_then(Value::as_str).map(shape_variant) else {
                continue;
            };
            let _ = writeln!(
                body,
                "if self.is_{}() {{ return Some({variant}); }}",
                snake(alternative)
            );
        }
        if !body.is_empty() {
            return format!(
                "/// The shape, if the task is as documented.\npub fn shape(&self) -> Option<Shape> {{\n{body}None\n}}\n"
            );
        }
        let [alternative] = alternatives else {
            return String::new();
        };
        let inner = kinds.iter().find(|(name, _)| {
            self.member(alternative, name)
                .is_some_and(|member| member.schema.contains_key("discriminator"))
        });
        match inner {
            Some((name, _)) => format!(
                "/// The shape of the task, if the whole body is as documented.\n\
                 pub fn shape(&self) -> Option<Shape> {{\n\
                 if !self.is_{}() {{ return None; }}\nself.{}.as_ref()?.shape()\n}}\n",
                snake(alternative),
                identifier(name)
            ),
            None => String::new(),
        }
    }
}

/// The values of a closed or an open set.
fn documented_values(schema: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let values = schema
        .get("enum")
        .or_else(|| schema.get("x-extensible-enum"));
    values
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}

/// A member's name as a field; names that are no identifiers get a trailing underscore.
pub fn identifier(name: &str) -> String {
    let mut identifier: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    if syn::parse_str::<syn::Ident>(&identifier).is_err() {
        identifier = format!("_{identifier}_");
    }
    identifier
}

pub fn pascal(name: &str) -> String {
    name.split(|c: char| !c.is_ascii_alphanumeric())
        .map(|word| {
            let (head, tail) = word.split_at(word.len().min(1));
            head.to_ascii_uppercase() + tail
        })
        .collect()
}

pub fn snake(name: &str) -> String {
    let mut out = String::new();
    for c in identifier(name).chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}
