//! What the rules have found, put together with what the schemas found.

use super::super::{
    body::Body,
    report::Finding,
    rule::{Rule, Severity},
    spec_place::{place, place_of_object},
};
use crate::model::Shape;

/// What the rules find, and which findings of the schema they thereby explain.
#[derive(Default)]
pub(crate) struct Outcome {
    findings: Vec<Finding>,
    explained: Vec<Explained>,
    accepted: Vec<(Rule, &'static str)>,
    /// What is said of all that was accepted, if there is nothing else to say.
    accepted_as: Option<Finding>,
}

/// A place whose schema findings have the same cause as a rule's finding.
struct Explained {
    rule: Rule,
    pointer: String,
    /// Whether this goes for all places below it too.
    below: bool,
}

impl Explained {
    /// Whether a finding says nothing beyond the rule's; a worse one always does.
    fn covers(&self, finding: &Finding) -> bool {
        let rest = finding.pointer.strip_prefix(self.pointer.as_str());
        finding.severity() <= self.rule.severity()
            && rest.is_some_and(|rest| rest.is_empty() || (self.below && rest.starts_with('/')))
    }
}

impl Outcome {
    /// Adds a finding, which also explains what the schema says about its place.
    pub fn add(&mut self, finding: Finding) {
        self.explains(finding.rule, &finding.pointer);
        self.findings.push(finding);
    }

    /// Adds a finding, which also explains what the schema says about its place and all below.
    pub fn add_for_all_below(&mut self, finding: Finding) {
        self.add(finding);
        self.explained
            .iter_mut()
            .rev()
            .take(1)
            .for_each(|explained| explained.below = true);
    }

    /// The schema's findings at this place have the same cause as what this rule found.
    pub fn explains(&mut self, rule: Rule, pointer: &str) {
        self.explained.push(Explained {
            rule,
            pointer: pointer.to_owned(),
            below: false,
        });
    }

    /// A finding of this rule at this place says nothing beyond what is said already.
    pub fn accepts(&mut self, rule: Rule, pointer: &'static str) {
        self.accepted.push((rule, pointer));
    }

    /// Says this of what was accepted, if nothing else is found.
    pub fn accepts_as(&mut self, finding: Finding) {
        self.accepted_as = Some(finding);
    }

    /// Takes back what a rule found, because the schema says it better.
    pub fn withdraw(&mut self, rule: Rule) {
        self.findings.retain(|finding| finding.rule != rule);
        self.explained.retain(|explained| explained.rule != rule);
    }

    /// Adds to the message of what a rule found, if it did.
    pub fn amend(&mut self, rule: Rule, more: &str) {
        for finding in self
            .findings
            .iter_mut()
            .filter(|finding| finding.rule == rule)
        {
            finding.message.push_str(more);
        }
    }

    /// Whether something breaks the contract.
    pub fn has_error(&self) -> bool {
        let severities = self.findings.iter().map(Finding::severity);
        severities.max() == Some(Severity::Error)
    }

    pub fn add_schema_findings(&mut self, findings: Vec<Finding>) {
        let is_new = |finding: &Finding| {
            let mut explained = self.explained.iter();
            !explained.any(|explained| explained.covers(finding))
        };
        let is_accepted = |finding: &Finding| {
            let mut accepted = self.accepted.iter();
            accepted.any(|(rule, at)| *rule == finding.rule && *at == finding.pointer)
        };
        let findings: Vec<Finding> = findings.into_iter().filter(is_new).collect();
        let total = findings.len();
        let findings: Vec<Finding> = findings.into_iter().filter(|f| !is_accepted(f)).collect();
        let has_accepted = findings.len() < total;
        self.findings.extend(findings);
        if has_accepted && self.findings.is_empty() {
            self.findings.extend(self.accepted_as.take());
        }
    }

    /// The findings, each with its place in the spec.
    pub fn finish(mut self, body: Body, shape: Option<Shape>) -> Vec<Finding> {
        for finding in &mut self.findings {
            if finding.rule == Rule::UndocumentedField {
                finding.object = place_of_object(body, &finding.pointer, shape).map(Into::into);
            }
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
