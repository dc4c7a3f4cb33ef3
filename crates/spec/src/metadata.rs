//! What the document says outside of its schemas, and which status means which shape.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    compose::Schemas,
    operation::Operation,
    pointer::{Pointer, schema_name},
    problem::Problem,
    references::branch_references,
};

/// What the document says of the task query outside of its schemas.
pub struct Metadata {
    /// Where the operation stands.
    pub operation: Pointer,
    /// The operation's path, with `{task_id}` in it.
    pub path: String,
    /// How long to wait between two queries, if that is said.
    pub poll_interval_seconds: Option<u64>,
    /// How long the URL of a finished video can be used, if that is said.
    pub valid_for_seconds: Option<u64>,
    /// Base URLs of the API's known hosts.
    pub servers: Vec<String>,
    /// The schema whose discriminator tells the shape of a task, if tasks have shapes.
    pub union: Option<String>,
    /// The member of a task that tells its shape.
    pub discriminator: Option<String>,
    /// The values of the discriminator.
    pub statuses: Vec<MappedStatus>,
}

/// A value of the discriminator, and the shapes that it is mapped to.
#[derive(Clone, PartialEq, Eq)]
pub struct MappedStatus {
    /// The value.
    pub value: String,
    /// The shape that it means, unless members select another.
    pub shape: String,
    /// Shapes that the status alone does not tell: each with members any one of which does.
    pub when_present: Vec<(String, Vec<String>)>,
    /// Other words that mean this value, whatever their case.
    pub words: Vec<String>,
}

impl Metadata {
    pub(super) fn read(
        document: &Value,
        operations: &[Operation],
        schemas: &Schemas,
    ) -> Result<Self, Problem> {
        let mut queries = operations
            .iter()
            .filter(|operation| operation.is_task_query);
        let query = queries.next().ok_or_else(|| {
            Problem::at(
                &Pointer::root().join("paths"),
                "the document has no operation",
            )
        })?;
        let operation = query.json(document);
        let servers = document.get("servers").and_then(Value::as_array);
        let union = union(schemas)?;
        each_shape_is_one_schema(schemas)?;
        Ok(Self {
            path: query.path.clone(),
            poll_interval_seconds: operation
                .get("x-poll-interval-seconds")
                .and_then(Value::as_u64),
            valid_for_seconds: valid_for(schemas)?,
            servers: servers
                .into_iter()
                .flatten()
                .filter_map(|server| Some(server.get("url")?.as_str()?.to_owned()))
                .collect(),
            union: union.map(|(name, _)| name.to_owned()),
            discriminator: union.and_then(|(_, schema)| {
                let property = schema.pointer("/discriminator/propertyName")?;
                Some(property.as_str()?.to_owned())
            }),
            statuses: match union {
                Some((name, schema)) => statuses(schemas, name, schema)?,
                None => Vec::new(),
            },
            operation: query.at.clone(),
        })
    }
}

/// How long a URL can be used, which has to be the same wherever the spec says it.
fn valid_for(schemas: &Schemas) -> Result<Option<u64>, Problem> {
    let mut found = BTreeSet::new();
    for name in schemas.reachable([schemas.success.as_str()]) {
        collect_valid_for(&schemas.by_name[name], &mut found);
    }
    match Vec::from_iter(found).as_slice() {
        [] => Ok(None),
        [seconds] => Ok(Some(*seconds)),
        _ => Err(Problem::at(
            &Pointer::root().join("components").join("schemas"),
            "the URL of a video needs an `x-valid-for-seconds`, with the same value everywhere",
        )),
    }
}

fn collect_valid_for(schema: &Value, found: &mut BTreeSet<u64>) {
    match schema {
        Value::Object(members) => {
            found.extend(members.get("x-valid-for-seconds").and_then(Value::as_u64));
            for member in members.values() {
                collect_valid_for(member, found);
            }
        }
        Value::Array(items) => {
            for item in items {
                collect_valid_for(item, found);
            }
        }
        _ => {}
    }
}

/// The one schema of the task query that has a discriminator.
fn union(schemas: &Schemas) -> Result<Option<(&str, &Value)>, Problem> {
    let reachable = schemas.reachable([schemas.success.as_str()]).into_iter();
    let mut unions = reachable
        .map(|name| (name, &schemas.by_name[name]))
        .filter(|(_, schema)| schema.get("discriminator").is_some());
    let union = unions.next();
    match unions.next() {
        None => Ok(union),
        Some((name, _)) => Err(Problem::at(
            &Pointer::schema(name).join("discriminator"),
            "only one schema of the task query can have a `discriminator`",
        )),
    }
}

/// The statuses, and which shape each means.
fn statuses(schemas: &Schemas, name: &str, union: &Value) -> Result<Vec<MappedStatus>, Problem> {
    let at = Pointer::schema(name).join("discriminator");
    let mapping = union["discriminator"]["mapping"].as_object();
    let mut statuses = Vec::new();
    for (value, target) in mapping.into_iter().flatten() {
        let target = target.as_str().unwrap_or_default();
        let schema = schema_name(target).and_then(|name| schemas.by_name.get(name)?.as_object());
        let mut when_present = Vec::new();
        let conditions = schema.and_then(|schema| schema.get("x-branch-when-present"));
        let shape = match (schema, conditions) {
            (Some(schema), Some(conditions)) => {
                let mut otherwise = String::new();
                for branch in branch_references(schema) {
                    let name = shape_of(schemas, branch, &at)?;
                    match conditions.get(branch) {
                        Some(pointers) => when_present.push((name, texts(pointers))),
                        None => otherwise = name,
                    }
                }
                otherwise
            }
            _ => shape_of(schemas, target, &at)?,
        };
        statuses.push(MappedStatus {
            value: value.clone(),
            shape,
            when_present,
            words: texts(&union["x-status-words"][value.as_str()]),
        });
    }
    Ok(statuses)
}

fn texts(list: &Value) -> Vec<String> {
    let texts = list.as_array().into_iter().flatten();
    texts
        .filter_map(|text| Some(text.as_str()?.to_owned()))
        .collect()
}

fn each_shape_is_one_schema(schemas: &Schemas) -> Result<(), Problem> {
    let mut seen = BTreeMap::new();
    for (name, schema) in &schemas.by_name {
        if let Some(shape) = schema.get("x-shape").and_then(Value::as_str)
            && let Some(other) = seen.insert(shape, name)
        {
            let at = Pointer::schema(name).join("x-shape");
            return Err(Problem::at(
                &at,
                format!("`{other}` already has this shape"),
            ));
        }
    }
    Ok(())
}

fn shape_of(schemas: &Schemas, reference: &str, at: &Pointer) -> Result<String, Problem> {
    let shape =
        schema_name(reference).and_then(|name| schemas.by_name.get(name)?.get("x-shape")?.as_str());
    let shape = shape.map(str::to_owned);
    shape.ok_or_else(|| Problem::at(at, format!("`{reference}` has no `x-shape`")))
}
