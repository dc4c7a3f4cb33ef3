//! What holds for a request beyond its schema: the limits of models, and the rules of a list.

use serde_json::{Map, Value};

use super::{
    pointer::{Pointer, schema_name},
    problem::Problem,
};

const FAMILIES: &str = "x-model-families";
const ITEM_RULES: &str = "x-item-rules";
const NOT_ACCEPTED: &str = "x-not-accepted-codes";

/// What an operation says of its requests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestLimits {
    /// The limits of models; the first family that fits counts.
    pub families: Vec<ModelFamily>,
    /// The rules of a list.
    pub items: Option<ItemRules>,
    /// Codes of errors that say that nothing was begun.
    pub not_accepted_codes: Vec<String>,
}

/// The limits of some models.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelFamily {
    /// What the name of such a model contains.
    pub models: Vec<String>,
    /// The component schema that a request fits, too.
    pub schema: String,
    /// How many items of a type there can be.
    pub max_of_type: Vec<(String, u64)>,
}

/// What holds for the items of a list, which have a type and perhaps a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemRules {
    /// A JSON Pointer to the list.
    pub list: String,
    /// The types in their order.
    pub order: Vec<String>,
    /// The types that need others beside them.
    pub not_alone: Vec<String>,
    /// Sets of roles that exclude each other.
    pub exclusive_roles: Vec<Vec<String>>,
}

impl RequestLimits {
    /// Reads the extensions of an operation.
    pub(super) fn read(operation: &Map<String, Value>, at: &Pointer) -> Result<Self, Problem> {
        let mut families = Vec::new();
        for (index, family) in list(operation.get(FAMILIES)).enumerate() {
            let at = at.join(FAMILIES).join(index);
            families.push(ModelFamily::read(family, &at)?);
        }
        let items = operation.get(ITEM_RULES);
        let items = items.map(|rules| ItemRules::read(rules, &at.join(ITEM_RULES)));
        Ok(Self {
            families,
            items: items.transpose()?,
            not_accepted_codes: texts(operation.get(NOT_ACCEPTED)),
        })
    }
}

impl ModelFamily {
    fn read(family: &Value, at: &Pointer) -> Result<Self, Problem> {
        only_members(family, &["models", "schema", "max-of-type"], at)?;
        let models = texts(family.get("models"));
        if models.is_empty() {
            return Err(Problem::at(at, "a family has the names of its `models`"));
        }
        let reference = family.pointer("/schema/$ref").and_then(Value::as_str);
        let schema = reference.and_then(schema_name);
        let schema = schema
            .ok_or_else(|| Problem::at(at, "a family needs a `schema` that is a `$ref`"))?
            .to_owned();
        let mut max_of_type = Vec::new();
        for (kind, max) in members(family.get("max-of-type")) {
            let at = at.join("max-of-type").join(kind);
            let max = max.as_u64();
            let max = max.ok_or_else(|| Problem::at(&at, "a number of items is expected"))?;
            max_of_type.push((kind.clone(), max));
        }
        Ok(Self {
            models,
            schema,
            max_of_type,
        })
    }
}

impl ItemRules {
    fn read(rules: &Value, at: &Pointer) -> Result<Self, Problem> {
        only_members(
            rules,
            &["list", "order", "not-alone", "exclusive-roles"],
            at,
        )?;
        let pointer = rules.get("list").and_then(Value::as_str);
        let pointer = pointer.ok_or_else(|| {
            Problem::at(
                at,
                "`list` is a JSON Pointer to the list, such as `/content`",
            )
        })?;
        Ok(Self {
            list: pointer.to_owned(),
            order: texts(rules.get("order")),
            not_alone: texts(rules.get("not-alone")),
            exclusive_roles: list(rules.get("exclusive-roles"))
                .map(|roles| texts(Some(roles)))
                .collect(),
        })
    }
}

/// A member with another name would say nothing.
fn only_members(object: &Value, known: &[&str], at: &Pointer) -> Result<(), Problem> {
    let mut names = members(Some(object)).map(|(name, _)| name);
    match names.find(|name| !known.contains(&name.as_str())) {
        Some(name) => Err(Problem::at(&at.join(name), "nothing reads this member")),
        None => Ok(()),
    }
}

fn list(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    value.and_then(Value::as_array).into_iter().flatten()
}

fn texts(value: Option<&Value>) -> Vec<String> {
    let texts = list(value).filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Map, Pointer, Problem, RequestLimits};

    #[test]
    fn what_nothing_would_read_is_refused_at_its_place() {
        let schema = json!({ "$ref": "#/components/schemas/A" });
        for (extensions, place) in [
            (
                json!({ "x-model-families": [{ "schema": schema }] }),
                "/x-model-families/0",
            ),
            (
                json!({ "x-model-families": [{ "models": ["a"] }] }),
                "/x-model-families/0",
            ),
            (
                json!({ "x-model-families": [{ "models": ["a"], "schema": schema, "max": {} }] }),
                "/x-model-families/0/max",
            ),
            (
                json!({ "x-model-families": [
                    { "models": ["a"], "schema": schema, "max-of-type": { "image": "9" } },
                ] }),
                "/x-model-families/0/max-of-type/image",
            ),
            (
                json!({ "x-item-rules": { "order": ["a"] } }),
                "/x-item-rules",
            ),
        ] {
            let refused = RequestLimits::read(extensions.as_object().unwrap(), &Pointer::root());
            let Err(Problem::At { pointer, .. }) = refused else {
                panic!("{extensions} was read");
            };
            assert_eq!(pointer.to_string(), place, "{extensions}");
        }
        assert_eq!(
            RequestLimits::read(&Map::new(), &Pointer::root()).ok(),
            Some(RequestLimits::default())
        );
    }
}
