//! What a schema cannot say: relations between fields, and what their values mean.
//!
//! A family of rules is a file, a rule is a function over the task, and all of them run on every
//! body: they allocate only for what they find.

pub(crate) mod error;
mod facts;
mod failure;
mod foreign;
mod status;
mod success;
mod time;
mod tokens;
pub(crate) mod url;

use serde_json::{Map, Value};

pub(crate) use self::facts::Facts;
use super::{
    report::Finding,
    rule::Rule,
    schema::{Body, place},
};
use crate::shape::Shape;

/// Runs the rules that can find something in a body that is as documented.
pub(crate) fn check(task: &Facts<'_>, outcome: &mut Outcome) {
    success::result_url(task, outcome);
    failure::reason(task, outcome);
    url::check(task, outcome);
    time::check(task, outcome);
    status::check(task, outcome);
    tokens::check(task, outcome);
}

/// Runs every rule.
pub(crate) fn check_row(row: &Map<String, Value>, shape: Option<Shape>, outcome: &mut Outcome) {
    let is_seedance = foreign::check(row, outcome);
    check(&Facts::of_json(row, shape, is_seedance), outcome);
    success::structure(row, shape, outcome);
    failure::structure(row, shape, outcome);
}

/// What the rules find, and which findings of the schema they thereby explain.
#[derive(Default)]
pub(crate) struct Outcome {
    findings: Vec<Finding>,
    /// Places whose schema findings have the same cause as a rule's finding.
    explained: Vec<String>,
    /// Places below which all schema findings have the same cause as a rule's finding.
    explained_below: Vec<String>,
}

impl Outcome {
    /// Adds a finding, which also explains what the schema says about its place.
    pub fn add(&mut self, finding: Finding) {
        self.explained.push(finding.pointer.clone());
        self.findings.push(finding);
    }

    /// The schema's findings at this place have the same cause as one that was added.
    pub fn explains(&mut self, pointer: &str) {
        self.explained.push(pointer.to_owned());
    }

    /// The schema's findings at and below this place have the same cause as one that was added.
    pub fn explains_below(&mut self, pointer: &str) {
        self.explained_below.push(pointer.to_owned());
    }

    /// Takes back what a rule found, because the schema says it better.
    pub fn withdraw(&mut self, rule: Rule) {
        let explained = &mut self.explained;
        self.findings.retain(|finding| {
            let stays = finding.rule != rule;
            if !stays {
                explained.retain(|place| *place != finding.pointer);
            }
            stays
        });
    }

    /// Adds to the message of what a rule found, if it did.
    pub fn amend(&mut self, rule: Rule, more: &str) {
        for finding in self.findings.iter_mut().filter(|finding| finding.rule == rule) {
            finding.message.push_str(more);
        }
    }

    pub fn is_empty(&self) -> bool {
        self.findings.is_empty()
    }

    pub fn add_schema_findings(&mut self, findings: Vec<Finding>) {
        for finding in findings {
            let explained = self.explained.contains(&finding.pointer)
                || self.explained_below.iter().any(|place| {
                    let below = finding.pointer.strip_prefix(place.as_str());
                    below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                });
            if !explained {
                self.findings.push(finding);
            }
        }
    }

    /// The findings, each with its place in the spec.
    pub fn finish(mut self, body: Body, shape: Option<Shape>) -> Vec<Finding> {
        for finding in &mut self.findings {
            let Some(place) = place(body, &finding.pointer, shape) else {
                continue;
            };
            finding.spec = Some(place.pointer);
            if let (Rule::UndocumentedField, Some(other), Some(shape)) =
                (finding.rule, place.other_shape, shape)
            {
                finding.message =
                    format!("this field is documented for {other} tasks, not for {shape} ones");
            }
        }
        self.findings
    }
}
