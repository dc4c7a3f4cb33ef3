//! What would have to be added to the spec so that something is documented.

use serde_json::Value;

use crate::{Finding, Rule};

/// The YAML, headed by the place that it belongs to; none if no addition would help.
pub(super) fn addition(finding: &Finding) -> Option<String> {
    let place = finding.spec.as_deref()?;
    match finding.rule {
        Rule::UndocumentedField => field(finding, place),
        Rule::UndocumentedValue => value(finding, place),
        _ => None,
    }
}

fn field(finding: &Finding, place: &str) -> Option<String> {
    let name = finding.pointer.rsplit('/').next()?;
    let name = name.replace("~1", "/").replace("~0", "~");
    // A member of a shape is written where all of the shape is.
    let holder = place
        .split_once("/properties/")
        .map_or(place, |(head, _)| head);
    let kind = kind(finding.found.as_deref()?);
    Some(format!(
        "# to #{holder}/properties\n{}:\n{kind}  x-source: observed\n",
        quoted(&name)
    ))
}

fn value(finding: &Finding, place: &str) -> Option<String> {
    let found = finding.found.as_deref()?;
    Some(format!("# to #{place}/x-extensible-enum\n- {found}\n"))
}

/// The type of what was found, as it is shown in a finding.
fn kind(found: &str) -> String {
    match serde_json::from_str::<Value>(found) {
        Ok(Value::String(_)) => "  type: string\n".to_owned(),
        Ok(Value::Bool(_)) => "  type: boolean\n".to_owned(),
        Ok(Value::Number(number)) if number.is_f64() => "  type: number\n".to_owned(),
        Ok(Value::Number(_)) => "  type: integer\n  format: int64\n".to_owned(),
        Ok(Value::Null) => "  type: string\n  nullable: true\n".to_owned(),
        _ if found.starts_with("an array") => "  type: array\n  items: {}\n".to_owned(),
        _ => "  type: object\n".to_owned(),
    }
}

/// A name as a YAML key: plain where that is sure to be a string.
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
