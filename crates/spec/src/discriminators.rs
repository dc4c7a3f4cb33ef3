//! Checks what tells the branches of a union: a discriminator, or the presence of members.

use serde_json::{Map, Value};

use super::{
    pointer::{Pointer, schema_name},
    problem::Problem,
    references::{branch_references, resolve},
};

/// Every value is mapped to a branch, and every branch has a value.
pub fn check_discriminator(
    document: &Value,
    schema: &Map<String, Value>,
    value: &Value,
    at: &Pointer,
) -> Result<(), Problem> {
    if !value.get("propertyName").is_some_and(Value::is_string) {
        return Err(Problem::at(at, "a discriminator must name a property"));
    }
    let at = at.join("mapping");
    let mapping = value
        .get("mapping")
        .and_then(Value::as_object)
        .ok_or_else(|| Problem::at(&at, "every value of a discriminator must be mapped"))?;
    let branches = branch_references(schema);
    for (value, target) in mapping {
        let at = at.join(value);
        let target = target
            .as_str()
            .filter(|target| schema_name(target).is_some())
            .ok_or_else(|| Problem::at(&at, "expected a `#/components/schemas/...` reference"))?;
        resolve(document, target, &at).map_err(|_| {
            Problem::at(
                &at,
                format!("the value `{value}` has no schema: `{target}` does not exist"),
            )
        })?;
        if !branches.contains(&target) {
            return Err(Problem::at(
                &at,
                format!("`{target}` is not one of the branches"),
            ));
        }
    }
    match branches
        .iter()
        .find(|branch| !mapping.values().any(|target| target == **branch))
    {
        Some(branch) => Err(Problem::at(
            &at,
            format!("no value of the discriminator selects `{branch}`"),
        )),
        None => Ok(()),
    }
}

/// Every branch but one has members that select it.
pub fn check_presence(
    schema: &Map<String, Value>,
    value: &Value,
    at: &Pointer,
) -> Result<(), Problem> {
    let conditions = value.as_object().ok_or_else(|| {
        Problem::at(
            at,
            "expected a map from a branch to the members that select it",
        )
    })?;
    let branches = branch_references(schema);
    for (branch, pointers) in conditions {
        let at = at.join(branch);
        if !branches.contains(&branch.as_str()) {
            return Err(Problem::at(
                &at,
                format!("`{branch}` is not one of the branches"),
            ));
        }
        let pointers_fit = is_string_list(pointers)
            && pointers
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .all(|pointer| pointer.starts_with('/'));
        if !pointers_fit {
            return Err(Problem::at(&at, "expected a list of JSON Pointers"));
        }
    }
    if conditions.len() + 1 != branches.len() {
        return Err(Problem::at(
            at,
            "expected every branch but one, which applies when none of the members is present",
        ));
    }
    Ok(())
}

/// Whether a value is a list of texts, and not empty.
pub fn is_string_list(value: &Value) -> bool {
    value
        .as_array()
        .is_some_and(|items| !items.is_empty() && items.iter().all(Value::is_string))
}

/// A word has to mean one value of the discriminator, and only one.
pub fn check_words(
    schema: &Map<String, Value>,
    value: &Value,
    at: &Pointer,
) -> Result<(), Problem> {
    let mapping = schema
        .get("discriminator")
        .and_then(|discriminator| discriminator.get("mapping")?.as_object())
        .ok_or_else(|| Problem::at(at, "this keyword needs a `discriminator` beside it"))?;
    let values = value.as_object().ok_or_else(|| {
        Problem::at(
            at,
            "expected a map from values of the discriminator to lists of words",
        )
    })?;
    // A word that is a value too means that value.
    let mut seen: Vec<String> = Vec::new();
    for (value, words) in values {
        let at = at.join(value);
        if !mapping.contains_key(value) {
            let message = format!("`{value}` is not a value of the discriminator");
            return Err(Problem::at(&at, message));
        }
        let words = words
            .as_array()
            .filter(|words| !words.is_empty() && words.iter().all(Value::is_string))
            .ok_or_else(|| Problem::at(&at, "expected a list of words"))?;
        for (index, word) in words.iter().filter_map(Value::as_str).enumerate() {
            let lower = word.to_lowercase();
            if seen.contains(&lower) {
                let message = format!("`{word}` is already mapped (case is ignored)");
                return Err(Problem::at(&at.join(index), message));
            }
            seen.push(lower);
        }
    }
    Ok(())
}
