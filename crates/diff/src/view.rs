//! What a value can be, whatever the schemas that say so are called and made of.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use seedance_spec::{
    compose::Schemas,
    pointer::{Pointer, schema_name},
};

/// The JSON types; `null` is told apart.
const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// Everything that a schema says about a value.
pub(super) struct View<'a> {
    /// Where the schema stands.
    pub at: Pointer,
    pub types: BTreeSet<&'a str>,
    /// The types without those that were only observed.
    pub documented_types: BTreeSet<&'a str>,
    pub nullable: bool,
    /// The objects that it can be, told apart by their members.
    pub objects: Vec<Object<'a>>,
    /// The member that tells the objects' shape.
    pub discriminator: Option<&'a str>,
    /// Members that select an object, with the shape of that if it has one.
    pub conditions: BTreeSet<(Option<&'a str>, &'a str)>,
    /// The closed set of values.
    pub values: Option<BTreeSet<&'a str>>,
    /// The documented values of an open set.
    pub open_values: Option<BTreeSet<&'a str>>,
    pub min_length: u64,
    pub pattern: Option<&'a str>,
    /// What the elements of a list can be, and where that stands.
    pub items: Option<(&'a Value, Pointer)>,
}

/// One object that a value can be.
pub(super) struct Object<'a> {
    pub at: Pointer,
    pub shape: Option<&'a str>,
    pub is_observed: bool,
    /// Whether members that are not listed are documented, too.
    pub is_free: bool,
    pub fields: BTreeMap<&'a str, Field<'a>>,
}

/// One member of an object.
pub(super) struct Field<'a> {
    pub at: Pointer,
    pub schema: &'a Value,
    pub is_required: bool,
    /// Whether the documentation promises it, required or not.
    pub is_promised: bool,
    pub valid_for: Option<u64>,
}

impl<'a> View<'a> {
    /// Resolves a schema; `at` is where it stands if it does not say so itself.
    pub(super) fn of(schemas: &'a Schemas, schema: &'a Value, at: &Pointer) -> Self {
        let mut view = Self {
            at: at.clone(),
            types: BTreeSet::new(),
            documented_types: BTreeSet::new(),
            nullable: false,
            objects: Vec::new(),
            discriminator: None,
            conditions: BTreeSet::new(),
            values: None,
            open_values: None,
            min_length: 0,
            pattern: None,
            items: None,
        };
        let (schema, at) = resolve(schemas, schema, at);
        view.at.clone_from(&at);
        view.add(schemas, schema, &at, false);
        if view.types.is_empty() {
            view.types.extend(TYPES);
            view.documented_types.extend(TYPES);
            view.nullable = true;
        }
        view
    }

    fn add(&mut self, schemas: &'a Schemas, schema: &'a Value, at: &Pointer, is_observed: bool) {
        if let Some(property) = schema.pointer("/discriminator/propertyName") {
            self.discriminator = property.as_str();
        }
        let conditions = schema.get("x-branch-when-present");
        // Where its members tell the branch, a null is for the union to allow.
        let is_told = conditions.is_some() || schema.get("discriminator").is_some();
        self.nullable |= schema
            .get("nullable")
            .is_some_and(|nullable| nullable == true);
        let nullable = self.nullable;
        let mut has_branches = false;
        for keyword in ["oneOf", "anyOf"] {
            for (index, branch) in list(schema.get(keyword)).enumerate() {
                has_branches = true;
                let reference = branch.get("$ref").and_then(Value::as_str);
                let (branch, at) = resolve(schemas, branch, &at.join(keyword).join(index));
                let pointers = conditions.and_then(|all| all.get(reference?));
                let shape = branch.get("x-shape").and_then(Value::as_str);
                let pointers = list(pointers).filter_map(Value::as_str);
                self.conditions
                    .extend(pointers.map(|pointer| (shape, pointer)));
                // Only where types tell the branches is an observed one not documented.
                let is_observed = is_observed
                    || (!is_told && branch.get("x-source").is_some_and(|s| s == "observed"));
                self.add(schemas, branch, &at, is_observed);
            }
        }
        if is_told {
            self.nullable = nullable;
        }
        if has_branches {
            return;
        }
        let parts: Vec<&Value> = list(schema.get("allOf"))
            .map(|part| resolve(schemas, part, at).0)
            .collect();
        let mut types = [schema].into_iter().chain(parts.iter().copied());
        let Some(kind) = types.find_map(|part| part.get("type")?.as_str()) else {
            return;
        };
        self.types.insert(kind);
        if !is_observed {
            self.documented_types.insert(kind);
        }
        match kind {
            "object" => self
                .objects
                .push(Object::of(schema, &parts, at, is_observed)),
            "array" => {
                let items = schema.get("items").map(|items| (items, at.join("items")));
                self.items = items.or(self.items.take());
            }
            _ => self.restrict(schema),
        }
    }

    fn restrict(&mut self, schema: &'a Value) {
        self.values = names(schema.get("enum")).or(self.values.take());
        self.open_values = names(schema.get("x-extensible-enum")).or(self.open_values.take());
        if let Some(length) = schema.get("minLength").and_then(Value::as_u64) {
            self.min_length = length;
        }
        let pattern = schema.get("x-documented-pattern").and_then(Value::as_str);
        self.pattern = pattern.or(self.pattern);
    }

    /// The types for a person.
    pub(super) fn described(&self) -> String {
        described(&self.types)
    }
}

/// Types for a person.
pub(super) fn described(types: &BTreeSet<&str>) -> String {
    match types.len() {
        0 => "nothing".to_owned(),
        6 => "anything".to_owned(),
        _ => types.iter().copied().collect::<Vec<_>>().join(" or "),
    }
}

impl<'a> Object<'a> {
    fn of(schema: &'a Value, parts: &[&'a Value], at: &Pointer, is_observed: bool) -> Self {
        let mut fields = BTreeMap::new();
        let mut required = BTreeSet::new();
        let mut is_free = false;
        for part in parts.iter().copied().chain([schema]) {
            required.extend(names(part.get("required")).unwrap_or_default());
            is_free |= part.get("additionalProperties").is_some();
            let at = written_at(part, at).join("properties");
            let properties = part.get("properties").and_then(Value::as_object);
            for (name, property) in properties.into_iter().flat_map(Map::iter) {
                fields.insert(name.as_str(), Field::of(property, &at.join(name)));
            }
        }
        for (name, field) in &mut fields {
            field.is_required = required.contains(name);
        }
        Self {
            at: at.clone(),
            shape: schema.get("x-shape").and_then(Value::as_str),
            is_observed,
            is_free: is_free || fields.is_empty(),
            fields,
        }
    }

    /// The required members that none of the other objects has: they tell it from those.
    pub(super) fn own_members(&self, others: &[Self]) -> BTreeSet<&'a str> {
        let required = self.fields.iter().filter(|(_, field)| field.is_required);
        let names = required.map(|(name, _)| *name);
        names
            .filter(|name| {
                let mut others = others.iter().filter(|other| !std::ptr::eq(*other, self));
                others.all(|other| !other.fields.contains_key(name))
            })
            .collect()
    }
}

impl<'a> Field<'a> {
    fn of(schema: &'a Value, at: &Pointer) -> Self {
        Self {
            at: written_at(schema, at),
            schema,
            is_required: false,
            is_promised: schema.get("x-presence").is_some(),
            valid_for: schema.get("x-valid-for-seconds").and_then(Value::as_u64),
        }
    }
}

/// Follows references, and keeps where what they lead to stands.
fn resolve<'a>(schemas: &'a Schemas, schema: &'a Value, at: &Pointer) -> (&'a Value, Pointer) {
    let mut schema = schema;
    let mut at = written_at(schema, at);
    while let Some(name) = schema
        .get("$ref")
        .and_then(Value::as_str)
        .and_then(schema_name)
    {
        let Some(target) = schemas.by_name.get(name) else {
            break;
        };
        at = written_at(target, &Pointer::schema(name));
        schema = target;
    }
    (schema, at)
}

fn written_at(schema: &Value, at: &Pointer) -> Pointer {
    let written = schema.get("x-spec").and_then(Value::as_str);
    written.map_or_else(|| at.clone(), Pointer::parse)
}

fn list(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

fn names(value: Option<&Value>) -> Option<BTreeSet<&str>> {
    Some(
        value?
            .as_array()?
            .iter()
            .filter_map(Value::as_str)
            .collect(),
    )
}
