//! Findings of the two compiled readings.

use std::collections::BTreeSet;

use jsonschema::{ValidationError, error::ValidationErrorKind};
use serde_json::Value;

use super::{
    body::Body,
    report::{Finding, excerpt},
    rule::Rule,
    type_names::{described, one_of, same_letters, type_names, with_articles},
};
use crate::model::{pointer::join, tables};

/// The most findings of a kind that are listed; no honest body has more.
pub(super) const MAX_FINDINGS: usize = 200;
/// The most undocumented members of one object that are listed one by one.
const MAX_MEMBERS: usize = 100;

/// Everything that the two readings find, at most one finding for each place.
pub(super) fn findings(body: Body, value: &Value) -> Vec<Finding> {
    findings_of(body.contract(value), body.documentation(value))
}

/// Everything that two readings have found, at most one finding for each place.
pub fn findings_of<'a>(
    contract: impl Iterator<Item = ValidationError<'a>>,
    documentation: impl Iterator<Item = ValidationError<'a>>,
) -> Vec<Finding> {
    // A wrong type says it all: the value's other faults at the same place follow from it.
    let (types, others): (Vec<_>, Vec<_>) = contract.partition(is_type_error);
    let breaches = types.iter().chain(&others).filter_map(breach);
    // One more than is listed, so that it can be said that there are more.
    let departures = documentation.take(MAX_FINDINGS + 1);
    let departures = departures.flat_map(|error| departure(&error));
    let mut places = BTreeSet::new();
    let mut findings: Vec<Finding> = breaches
        .take(MAX_FINDINGS + 1)
        .chain(departures)
        .filter(|finding| places.insert(finding.pointer.clone()))
        .take(MAX_FINDINGS + 1)
        .collect();
    cap(&mut findings);
    findings
}

/// Cuts findings to what a report lists, and says so.
pub(super) fn cap(findings: &mut Vec<Finding>) {
    if findings.len() > MAX_FINDINGS {
        findings.truncate(MAX_FINDINGS);
        let message = format!("more is found than the {MAX_FINDINGS} findings that are listed");
        findings.push(Finding::new(Rule::TooManyFindings, "", message));
    }
}

fn is_type_error(error: &ValidationError<'_>) -> bool {
    matches!(error.kind(), ValidationErrorKind::Type { .. })
}

/// An error of the contract reading.
fn breach(error: &ValidationError<'_>) -> Option<Finding> {
    let at = error.instance_path().to_string();
    let value = error.instance();
    Some(match error.kind() {
        ValidationErrorKind::Required { property } => {
            let name = property.as_str()?;
            Finding::new(
                Rule::MissingField,
                join(&at, name),
                format!("`{name}` is missing"),
            )
        }
        ValidationErrorKind::Type { kind } => {
            let expected = type_names(kind);
            let message = format!(
                "expected {}, found {}",
                with_articles(kind),
                described(value)
            );
            Finding::new(Rule::WrongType, at, message)
                .expected(expected)
                .found(value)
        }
        ValidationErrorKind::Enum { options } => {
            let expected = one_of(options);
            let rule = if at.ends_with(&format!("/{}", tables::DISCRIMINATOR)) {
                Rule::UnknownStatus
            } else {
                Rule::WrongValue
            };
            let mut message = format!("{} is not {expected}", excerpt(value));
            if let Some(close) = same_letters(value, options) {
                message.push_str(&format!("; it differs from `{close}` only in case"));
            }
            Finding::new(rule, at, message)
                .expected(expected)
                .found(value)
        }
        ValidationErrorKind::MinLength { limit } => {
            let expected = match limit {
                1 => "a text that is not empty".to_owned(),
                limit => format!("a text of at least {limit} characters"),
            };
            Finding::new(Rule::WrongValue, at, format!("expected {expected}"))
                .expected(expected)
                .found(value)
        }
        _ => Finding::new(Rule::WrongValue, at, error.masked().to_string()).found(value),
    })
}

/// An error of the documentation reading; one that is also a breach has the same place.
fn departure(error: &ValidationError<'_>) -> Vec<Finding> {
    let at = error.instance_path().to_string();
    let value = error.instance();
    let finding = match error.kind() {
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            let message = format!("`{name}` is documented, but missing");
            Finding::new(Rule::OmittedField, join(&at, name), message)
        }
        ValidationErrorKind::Type { kind } if value.is_null() => {
            let expected = type_names(kind);
            let message = format!("documented as {}, found null", with_articles(kind));
            Finding::new(Rule::OmittedField, at, message)
                .expected(expected)
                .found(value)
        }
        ValidationErrorKind::Type { kind } => {
            let expected = type_names(kind);
            let message = format!(
                "documented as {}, found {}",
                with_articles(kind),
                described(value)
            );
            Finding::new(Rule::UndocumentedType, at, message)
                .expected(expected)
                .found(value)
        }
        ValidationErrorKind::Enum { options } => {
            let expected = one_of(options);
            let mut message = format!("{} is not among the documented values", excerpt(value));
            if let Some(close) = same_letters(value, options) {
                message.push_str(&format!("; it differs from `{close}` only in case"));
            }
            Finding::new(Rule::UndocumentedValue, at, message)
                .expected(expected)
                .found(value)
        }
        ValidationErrorKind::Pattern { pattern } => {
            let message = format!("{} does not have the documented form", excerpt(value));
            Finding::new(Rule::OddFormat, at, message)
                .expected(format!("text like {pattern}"))
                .found(value)
        }
        ValidationErrorKind::MinLength { .. } => {
            let message = "this text is empty, though a value is documented";
            Finding::new(Rule::EmptyValue, at, message).found(value)
        }
        ValidationErrorKind::Minimum { limit } => {
            let message = format!("{} is less than any real value", excerpt(value));
            Finding::new(Rule::ImpossibleValue, at, message)
                .expected(format!("at least {limit}"))
                .found(value)
        }
        ValidationErrorKind::Maximum { limit } => {
            let message = format!("{} is more than any real value", excerpt(value));
            Finding::new(Rule::ImpossibleValue, at, message)
                .expected(format!("at most {limit}"))
                .found(value)
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            return undocumented(&at, value, unexpected);
        }
        _ => Finding::new(Rule::OddFormat, at, error.masked().to_string()).found(value),
    };
    vec![finding]
}

fn undocumented(at: &str, object: &Value, names: &[String]) -> Vec<Finding> {
    let mut findings: Vec<Finding> = names
        .iter()
        .take(MAX_MEMBERS)
        .map(|name| {
            let finding = Finding::new(
                Rule::UndocumentedField,
                join(at, name),
                "this field is not documented",
            );
            match object.get(name) {
                Some(value) => finding.found(value),
                None => finding,
            }
        })
        .collect();
    if names.len() > MAX_MEMBERS {
        let message = format!(
            "{} more fields are not documented",
            names.len() - MAX_MEMBERS
        );
        findings.push(Finding::new(Rule::UndocumentedField, at, message));
    }
    findings
}
