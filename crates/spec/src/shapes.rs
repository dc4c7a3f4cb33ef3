//! The shapes of a task, and what each means for whoever waits for it.

use serde_json::{Map, Value};

use super::{
    compose::Schemas,
    pointer::{Pointer, schema_name},
    problem::Problem,
    references::branch_references,
    shape_values::OUTCOMES,
};

/// How far a task of some shape has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It has not ended.
    Pending,
    /// It has ended with a video.
    Succeeded,
    /// It has ended without one, and is refunded.
    Failed,
}

/// A shape of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShapeOfTask {
    /// Its name, `x-shape`.
    pub name: String,
    /// The component schema that has it.
    pub schema: String,
    /// What it is, in the words of the schema.
    pub description: String,
    /// What it means, `x-outcome`.
    pub outcome: Outcome,
}

/// The shapes of a union, in the order of its branches; of those that members select, the one
/// that applies without them is first.
///
/// # Errors
///
/// A shape whose schema does not say what it means.
pub fn shapes(schemas: &Schemas, union: &str) -> Result<Vec<ShapeOfTask>, Problem> {
    let mut shapes = Vec::new();
    collect(schemas, union, &mut shapes)?;
    Ok(shapes)
}

fn collect(schemas: &Schemas, name: &str, shapes: &mut Vec<ShapeOfTask>) -> Result<(), Problem> {
    let Some(schema) = schemas.by_name.get(name).and_then(Value::as_object) else {
        return Ok(());
    };
    let branches = branch_references(schema);
    if branches.is_empty() {
        shapes.extend(shape(name, schema)?);
        return Ok(());
    }
    let conditions = schema.get("x-branch-when-present");
    let is_special = |branch: &&str| conditions.is_some_and(|all| all.get(*branch).is_some());
    let (special, plain): (Vec<&str>, Vec<&str>) = branches.into_iter().partition(is_special);
    for branch in plain.into_iter().chain(special) {
        collect(schemas, schema_name(branch).unwrap_or_default(), shapes)?;
    }
    Ok(())
}

fn shape(schema: &str, value: &Map<String, Value>) -> Result<Option<ShapeOfTask>, Problem> {
    let text = |keyword: &str| value.get(keyword).and_then(Value::as_str);
    let Some(name) = text("x-shape") else {
        return Ok(None);
    };
    let outcome = match text("x-outcome") {
        Some("pending") => Outcome::Pending,
        Some("succeeded") => Outcome::Succeeded,
        Some("failed") => Outcome::Failed,
        _ => {
            let message = format!(
                "the shape `{name}` needs an `x-outcome`: {}",
                OUTCOMES.join(", ")
            );
            return Err(Problem::at(&Pointer::schema(schema), message));
        }
    };
    Ok(Some(ShapeOfTask {
        name: name.to_owned(),
        schema: schema.to_owned(),
        description: text("description").unwrap_or_default().to_owned(),
        outcome,
    }))
}
