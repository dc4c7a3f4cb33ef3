//! Suggested additions to the spec.

use serde_json::Value;

use seedance_query::{
    model::pointer,
    validate::{Finding, Rule},
};

/// The YAML to add, after a comment that says where; none if no addition resolves the finding.
pub(super) fn addition(finding: &Finding) -> Option<String> {
    let place = finding.spec.as_deref()?;
    match finding.rule {
        Rule::UndocumentedField => field(finding, place),
        Rule::UndocumentedValue => value(finding, place),
        _ => None,
    }
}

fn field(finding: &Finding, place: &str) -> Option<String> {
    let name = pointer::members(&finding.pointer).last()?;
    // A member of a shape goes where the shape is defined.
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

/// The schema of a value as a finding shows it.
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

#[cfg(test)]
mod tests {
    use super::addition;
    use seedance_codegen as codegen;
    use seedance_query::{OPENAPI, validate::validate};

    /// A body with one more member in its task.
    fn body(name: &str, value: &str) -> String {
        format!(
            r#"{{"code":"success","message":"","data":{{{name}: {value},
                "task_id":"asyntask_Qm4tZ81kWvYc3RbN7sXeLh2GpD6uJa0F","action":"remix",
                "status":"QUEUED","submit_time":1780000000,"start_time":0,"finish_time":0,
                "progress":"0%","request_id":"r"}}}}"#
        )
    }

    /// The suggestion can be pasted into the spec, and the build accepts it.
    #[test]
    fn the_build_accepts_the_suggestions() {
        for (name, value, kind) in [
            ("\"trace\"", "\"x\"", "string"),
            ("\"cost\"", "17", "integer"),
            ("\"share\"", "0.5", "number"),
            ("\"fast\"", "true", "boolean"),
            ("\"tags\"", "[1]", "array"),
            ("\"extras\"", "{\"a\":1}", "object"),
            ("\"no\"", "1", "integer"),
            ("\"X-Trace\"", "1", "integer"),
        ] {
            let report = validate(body(name, value).as_bytes());
            let yaml = report.findings().iter().rev().find_map(addition);
            let yaml = yaml.expect("a field is not documented");
            let (place, rest) = yaml.split_once('\n').unwrap();
            assert_eq!(place, "# to #/components/schemas/PendingTask/properties");
            assert!(rest.contains(&format!("  type: {kind}\n")), "{rest}");
            let indented = format!("        {}\n", rest.trim_end().replace('\n', "\n        "));
            let schema = OPENAPI.find("    PendingTask:\n").unwrap();
            let properties = "      properties:\n";
            let at = schema + OPENAPI[schema..].find(properties).unwrap() + properties.len();
            let spec = format!("{}{indented}{}", &OPENAPI[..at], &OPENAPI[at..]);
            let rendered = codegen::render(&spec, "spec.yaml", "out");
            assert!(
                rendered.is_ok(),
                "{name}: {}\n{indented}",
                rendered.unwrap_err()
            );
        }
    }

    #[test]
    fn suggests_adding_a_value_to_its_set() {
        let report = validate(body("\"trace\"", "1").as_bytes());
        let yaml = addition(&report.findings()[0]);
        let expected = "# to #/components/schemas/TaskCommon/properties/action/x-extensible-enum\n- \"remix\"\n";
        assert_eq!(yaml.as_deref(), Some(expected));
    }
}
