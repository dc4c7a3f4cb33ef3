//! Suggested additions to the spec.

use std::sync::LazyLock;

use serde_json::Value;

use crate::input::yaml_to_json;
use seedance_query::{
    OPENAPI,
    model::pointer::{join, members},
    redact::PLACEHOLDER,
    validate::{Finding, Rule},
};

/// The document that the suggestions are for; null, so that nothing is suggested, if it is not read.
static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let documents = yaml_to_json(OPENAPI).unwrap_or_default();
    let json = documents.first().map(|json| serde_json::from_str(json));
    json.and_then(Result::ok).unwrap_or_default()
});

/// The YAML to add, after a comment that says where; none if no addition resolves the finding.
pub(super) fn addition(finding: &Finding) -> Option<String> {
    match finding.rule {
        // One that is another's place or spelling is not to be documented as well.
        Rule::UndocumentedField if finding.related.is_none() => field(finding),
        Rule::UndocumentedValue => value(finding),
        _ => None,
    }
}

fn field(finding: &Finding) -> Option<String> {
    let name = members(&finding.pointer).last()?;
    let place = finding.object.as_deref()?;
    let object = DOCUMENT.pointer(place)?.as_object()?;
    // A list or a union has no members of its own.
    let has_none = ["items", "oneOf"]
        .iter()
        .any(|keyword| object.contains_key(*keyword));
    if name.contains(PLACEHOLDER) || has_none {
        return None;
    }
    let kind = kind(finding.found.as_deref()?);
    let member = format!("{}:\n{kind}  x-source: observed\n", quoted(&name));
    match object.get("properties") {
        // A second key of this name would not be YAML.
        Some(known) if known.get(&name).is_some() => None,
        Some(_) => Some(format!("# to #{}\n{member}", join(place, "properties"))),
        None => {
            let member = member.trim_end().replace('\n', "\n  ");
            Some(format!("# to #{place}\nproperties:\n  {member}\n"))
        }
    }
}

fn value(finding: &Finding) -> Option<String> {
    let found = finding.found.as_deref()?;
    let is_whole = !found.contains(PLACEHOLDER) && !found.contains('…');
    let place = join(finding.spec.as_deref()?, "x-extensible-enum");
    let known = DOCUMENT.pointer(&place)?.as_array()?;
    let is_new = serde_json::from_str::<Value>(found).is_ok_and(|value| !known.contains(&value));
    (is_whole && is_new).then(|| format!("# to #{place}\n- {found}\n"))
}

/// The schema of a value as a finding shows it.
fn kind(found: &str) -> String {
    match serde_json::from_str::<Value>(found) {
        Ok(Value::String(_)) => "  type: string\n".to_owned(),
        Ok(Value::Bool(_)) => "  type: boolean\n".to_owned(),
        Ok(Value::Number(number)) if number.is_f64() => "  type: number\n".to_owned(),
        Ok(Value::Number(_)) => "  type: integer\n  format: int64\n".to_owned(),
        Ok(Value::Null) => "  type: string\n  nullable: true\n".to_owned(),
        _ if found.starts_with("an array") => "  type: array\n  items: {}\n".to_owned(),
        // What is in it is not known.
        _ => "  type: object\n  additionalProperties: true\n".to_owned(),
    }
}

/// A name as a YAML key, quoted unless a plain key is a string.
fn quoted(name: &str) -> String {
    let is_plain = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !["y", "n", "yes", "no", "on", "off", "true", "false", "null"].contains(&name);
    if is_plain {
        name.to_owned()
    } else {
        Value::from(name).to_string()
    }
}
