//! The members that the types cannot do without; all others are optional.

use serde_json::Value;

use seedance_spec::{compose::Schemas, pointer::schema_name, union_ends::ends};

/// What an object cannot do without.
pub enum Need<'a> {
    /// The member that tells the branch of a union, and the name of the union.
    Discriminator(&'a str, &'a str),
    /// The member that holds an object with a shape.
    Holder(&'a str),
}

impl Need<'_> {
    /// The name of the member.
    pub fn member(&self) -> &str {
        match self {
            Self::Discriminator(member, _) | Self::Holder(member) => member,
        }
    }
}

/// The members of an object that its type has always; all others are optional.
pub fn needs<'a>(schemas: &'a Schemas, name: &str) -> Vec<Need<'a>> {
    let mut needs = Vec::new();
    for (union, schema) in &schemas.by_name {
        let discriminator = schema.pointer("/discriminator/propertyName");
        let Some(discriminator) = discriminator.and_then(Value::as_str) else {
            continue;
        };
        if ends(schemas, union).iter().any(|end| end.0 == name) {
            needs.push(Need::Discriminator(discriminator, union));
        }
        let required = |member: &str| {
            let required = schemas.by_name[name].get("required");
            let required = required.and_then(Value::as_array).into_iter().flatten();
            required.into_iter().any(|required| required == member)
        };
        let properties = schemas.by_name[name].get("properties");
        for (member, property) in properties.and_then(Value::as_object).into_iter().flatten() {
            let target = property.get("$ref").and_then(Value::as_str);
            if target.and_then(schema_name) == Some(union) && required(member) {
                needs.push(Need::Holder(member));
            }
        }
    }
    needs
}

/// The names of the members that a component schema requires of its type.
pub fn required<'a>(schemas: &'a Schemas, name: &str) -> Vec<&'a str> {
    let needs = needs(schemas, name).into_iter();
    needs
        .map(|need| match need {
            Need::Discriminator(member, _) | Need::Holder(member) => member,
        })
        .collect()
}
