//! Counts over responses that are sums, so that those of parts add up to those of the whole.

use std::{cmp::Reverse, collections::BTreeMap};

use super::hours::Hours;
use crate::{
    input::Skip,
    report::{Count, FieldCount, HourCount, RuleCount, Severities, Verdicts},
};
use seedance_query::{
    model::Shape,
    validate::{Report, Rule, Severity, Verdict, coverage::Coverage},
};

/// Maximum number of ways of recording listed: the first by name.
const MAX_FORMS: usize = 100;

const SHAPES: &[Shape] = &Shape::ALL;

/// Everything that is counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Counts {
    pub responses: u64,
    /// By verdict, in the order of the verdicts.
    pub verdicts: [u64; 3],
    /// By shape, none last.
    pub shapes: [u64; SHAPES.len() + 1],
    /// By form, as a report names it.
    pub forms: BTreeMap<String, u64>,
    pub rules: BTreeMap<Rule, u64>,
    pub skipped: BTreeMap<Skip, u64>,
    pub recorded_as: BTreeMap<String, u64>,
    pub items: BTreeMap<String, u64>,
    pub unreadable: u64,
    pub ignored: u64,
    pub hours: Hours,
    pub coverage: Coverage,
}

impl Counts {
    /// Counts a response and its findings.
    pub fn response(&mut self, form: &str, report: &Report) {
        self.responses += 1;
        add(&mut self.forms, form, 1);
        self.verdicts[report.verdict() as usize] += 1;
        let shape = report.shape();
        let known = SHAPES.iter().position(|known| Some(*known) == shape);
        self.shapes[known.unwrap_or(SHAPES.len())] += 1;
        for finding in report.findings() {
            *self.rules.entry(finding.rule).or_default() += 1;
        }
    }

    /// A response turned out to be worse than it was counted.
    pub fn worse(&mut self, was: Verdict, is: Verdict) {
        let was = &mut self.verdicts[was as usize];
        *was = was.saturating_sub(1);
        self.verdicts[is as usize] += 1;
    }

    pub fn skip(&mut self, skip: Skip, count: u64) {
        if count > 0 {
            *self.skipped.entry(skip).or_default() += count;
        }
    }

    /// Counts responses by how they were recorded.
    pub fn recorded_as(&mut self, form: &str, count: u64) {
        add(&mut self.recorded_as, form, count);
        if self.recorded_as.len() > MAX_FORMS {
            self.recorded_as.pop_last();
        }
    }

    /// Counts the items of inputs by their kind.
    pub fn items(&mut self, unit: &str, count: u64) {
        add(&mut self.items, unit, count);
    }

    pub fn merge(&mut self, other: &Self) {
        self.responses += other.responses;
        let verdicts = self.verdicts.iter_mut().zip(&other.verdicts);
        let shapes = self.shapes.iter_mut().zip(&other.shapes);
        for (own, other) in verdicts.chain(shapes) {
            *own += other;
        }
        for (form, count) in &other.forms {
            add(&mut self.forms, form, *count);
        }
        for (rule, count) in &other.rules {
            *self.rules.entry(*rule).or_default() += count;
        }
        for (skip, count) in &other.skipped {
            self.skip(*skip, *count);
        }
        for (form, count) in &other.recorded_as {
            self.recorded_as(form, *count);
        }
        for (unit, count) in &other.items {
            self.items(unit, *count);
        }
        self.unreadable += other.unreadable;
        self.ignored += other.ignored;
        self.hours.merge(&other.hours);
        self.coverage.add(&other.coverage);
    }

    pub fn verdicts(&self) -> Verdicts {
        verdicts(self.verdicts)
    }

    /// The hours in order.
    pub fn hours(&self) -> Vec<HourCount> {
        let hours = self.hours.iter().map(|(start, counts)| HourCount {
            start,
            verdicts: verdicts(counts),
        });
        hours.collect()
    }

    pub fn shapes(&self) -> Vec<Count> {
        let names = SHAPES.iter().map(|shape| shape.name()).chain([NO_SHAPE]);
        let counts = names.zip(self.shapes).filter(|(_, count)| *count > 0);
        counts.map(|(name, count)| named(name, count)).collect()
    }

    /// Sets the count of a shape, if there is one of this name.
    pub fn set_shape(&mut self, name: &str, count: u64) -> bool {
        let mut names = SHAPES.iter().map(|shape| shape.name()).chain([NO_SHAPE]);
        let index = names.position(|known| known == name);
        index.map(|index| self.shapes[index] = count).is_some()
    }

    /// By form.
    pub fn forms(&self) -> Vec<Count> {
        let forms = self.forms.iter();
        forms.map(|(form, count)| named(form, *count)).collect()
    }

    pub fn rules(&self) -> Vec<RuleCount> {
        let rules = Rule::ALL.iter().filter_map(|rule| {
            Some(RuleCount {
                rule: *rule,
                severity: rule.severity(),
                count: *self.rules.get(rule)?,
            })
        });
        let mut rules: Vec<RuleCount> = rules.collect();
        // Stable: rules that found as much stay in the order of the catalogue.
        rules.sort_by_key(|rule| Reverse((rule.severity, rule.count)));
        rules
    }

    pub fn severities(&self) -> Severities {
        let of = |severity| {
            let rules = self.rules.iter();
            let rules = rules.filter(|(rule, _)| rule.severity() == severity);
            rules.map(|(_, count)| count).sum()
        };
        Severities {
            errors: of(Severity::Error),
            warnings: of(Severity::Warning),
            infos: of(Severity::Info),
        }
    }

    pub fn fields(&self) -> Vec<FieldCount> {
        let fields = self.coverage.counts().map(|(field, count, _)| FieldCount {
            pointer: field.pointer.to_owned(),
            count,
        });
        fields.collect()
    }
}

const NO_SHAPE: &str = "none";

pub(super) fn add(counts: &mut BTreeMap<String, u64>, name: &str, count: u64) {
    match counts.get_mut(name) {
        Some(known) => *known += count,
        None => {
            counts.insert(name.to_owned(), count);
        }
    }
}

fn verdicts([conforms, drifts, violates]: [u64; 3]) -> Verdicts {
    Verdicts {
        conforms,
        drifts,
        violates,
    }
}

pub(super) fn named(name: &str, count: u64) -> Count {
    Count {
        name: name.to_owned(),
        count,
    }
}
