//! What the document says of a member of an object.

use serde_json::{Map, Value};

use seedance_spec::{compose::Schemas, pointer::schema_name};

/// A property of an object, its reference followed.
pub struct Property<'a> {
    pub schema: &'a Map<String, Value>,
    /// The component schema that it refers to.
    pub target: Option<&'a str>,
    /// Whether the documentation promises the member.
    pub is_promised: bool,
    /// Whether the property itself says that it can be null.
    pub null_is_said: bool,
    /// Whether it is not in the vendor's documentation, but seen in real bodies.
    pub is_observed: bool,
}

/// A component schema.
pub fn component<'a>(schemas: &'a Schemas, name: &str) -> Option<&'a Map<String, Value>> {
    schemas.by_name.get(name)?.as_object()
}

impl<'a> Property<'a> {
    /// A property of a component schema, if that has it.
    pub fn of(schemas: &'a Schemas, object: &str, name: &str) -> Option<Self> {
        let object = component(schemas, object)?;
        let property = object.get("properties")?.get(name)?.as_object()?;
        let target = property
            .get("$ref")
            .and_then(Value::as_str)
            .and_then(schema_name);
        let required = object.get("required").and_then(Value::as_array);
        Some(Self {
            schema: target
                .and_then(|target| component(schemas, target))
                .unwrap_or(property),
            target,
            null_is_said: property.get("nullable").is_some_and(|null| null == true),
            is_observed: property
                .get("x-source")
                .is_some_and(|source| source == "observed"),
            is_promised: property.contains_key("x-presence")
                || required.is_some_and(|names| names.iter().any(|required| required == name)),
        })
    }

    /// The same property of several objects.
    pub fn of_all(schemas: &'a Schemas, objects: &[&str], name: &str) -> Vec<Self> {
        let objects = objects.iter();
        objects
            .filter_map(|object| Self::of(schemas, object, name))
            .collect()
    }

    /// The values of a closed or an open set.
    pub fn documented_values(&self) -> impl Iterator<Item = &'a str> {
        let values = self
            .schema
            .get("enum")
            .or_else(|| self.schema.get("x-extensible-enum"));
        let values = values.and_then(Value::as_array).into_iter().flatten();
        values.filter_map(Value::as_str)
    }

    /// Whether a null means the same as nothing.
    pub fn is_nullable(&self) -> bool {
        let nullable = self.schema.get("nullable");
        self.is_promised || self.null_is_said || nullable.is_some_and(|nullable| nullable == true)
    }
}
