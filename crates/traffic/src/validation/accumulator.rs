//! Counts over all responses, and each distinct finding once.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
};

use super::suggestion;
use crate::input::Skip;
use crate::report::{
    Count, DistinctFinding, FieldCount, Fingerprint, RuleCount, Severities, SourceMap, Summary,
    Unreadable, ValidatedResponse, ValueSet, Verdicts, has_same_wording,
};
use seedance_query::{
    model::Shape,
    validate::{Rule, Severity, Verdict, coverage::Coverage},
};

/// Maximum number of distinct findings listed.
const MAX_DISTINCT_FINDINGS: usize = 10_000;
/// Maximum number of ways of recording listed.
const MAX_FORMS: usize = 100;
/// Maximum number of unreadable items listed.
const MAX_UNREADABLE: usize = 1_000;

/// Everything counted so far.
#[derive(Debug, Default)]
pub(super) struct Accumulator {
    responses: u64,
    verdicts: Verdicts,
    shapes: [u64; SHAPES.len() + 1],
    forms: BTreeMap<&'static str, u64>,
    rules: HashMap<Rule, u64>,
    drifts: HashMap<Fingerprint, Occurrences>,
    more_drifts: u64,
    unreadable: Vec<Unreadable>,
    unreadable_count: u64,
    pub inputs: u64,
    skipped: BTreeMap<Skip, u64>,
    recorded_as: BTreeMap<String, u64>,
    items: BTreeMap<&'static str, u64>,
    pub ignored: u64,
}

/// A distinct finding, and the number of the response that it was counted for last.
#[derive(Debug)]
struct Occurrences {
    finding: DistinctFinding,
    counted: u64,
}

const SHAPES: &[Shape] = &Shape::ALL;

impl Accumulator {
    pub fn skip(&mut self, skip: Skip, count: u64) {
        if count > 0 {
            *self.skipped.entry(skip).or_default() += count;
        }
    }

    /// Counts responses by how they were recorded.
    pub fn recorded_as(&mut self, form: &str, count: u64) {
        if let Some(known) = self.recorded_as.get_mut(form) {
            *known += count;
        } else if self.recorded_as.len() < MAX_FORMS {
            self.recorded_as.insert(form.to_owned(), count);
        }
    }

    /// Counts the items of inputs by their kind.
    pub fn items(&mut self, unit: &'static str, count: u64) {
        *self.items.entry(unit).or_default() += count;
    }

    pub fn unreadable(&mut self, unreadable: &Unreadable) {
        self.unreadable_count += 1;
        if self.unreadable.len() < MAX_UNREADABLE {
            self.unreadable.push(unreadable.clone());
        }
    }

    /// Counts a response without findings.
    pub fn conforming(&mut self, form: &'static str, shape: Option<Shape>) {
        self.verdicts.conforms += 1;
        self.response(form, shape);
    }

    fn response(&mut self, form: &'static str, shape: Option<Shape>) {
        self.responses += 1;
        *self.forms.entry(form).or_default() += 1;
        let known = SHAPES.iter().position(|known| Some(*known) == shape);
        self.shapes[known.unwrap_or(SHAPES.len())] += 1;
    }

    /// Counts a response; returns the indices of the findings that occur for the first time, and of
    /// those that all responses of the form have had so far.
    pub fn add(&mut self, response: &ValidatedResponse) -> (Vec<usize>, Vec<usize>) {
        match response.report.verdict() {
            Verdict::Conforms => self.verdicts.conforms += 1,
            Verdict::Drifts => self.verdicts.drifts += 1,
            Verdict::Violates => self.verdicts.violates += 1,
        }
        let form = response.form;
        self.response(form, response.report.shape());
        let of_form = self.forms[form];
        let (mut new, mut common) = (Vec::new(), Vec::new());
        let mut excerpt = None;
        for (index, finding) in response.report.findings().iter().enumerate() {
            *self.rules.entry(finding.rule).or_default() += 1;
            let key = Fingerprint::of(finding);
            if let Some(known) = self.drifts.get_mut(&key) {
                let drift = &mut known.finding;
                drift.count += 1;
                drift.last = response.source.clone();
                drift.is_uniform &= has_same_wording(&drift.example, finding);
                if known.counted != self.responses {
                    known.counted = self.responses;
                    add_one(&mut drift.forms, form);
                }
                if drift.is_common_among(form, of_form) {
                    common.push(index);
                }
                continue;
            }
            if self.drifts.len() >= MAX_DISTINCT_FINDINGS {
                self.more_drifts += 1;
                continue;
            }
            let excerpt = excerpt.get_or_insert_with(|| SourceMap::of(&response.body));
            let snippet = excerpt
                .as_ref()
                .and_then(|excerpt| excerpt.snippet(&finding.pointer));
            let drift = DistinctFinding {
                rule: finding.rule,
                severity: finding.severity(),
                pointer: key.pointer.clone(),
                value: key.value.clone(),
                count: 1,
                forms: vec![named(form, 1)],
                is_uniform: true,
                first: response.source.clone(),
                last: response.source.clone(),
                example: finding.clone(),
                snippet,
                yaml: suggestion::addition(finding),
            };
            if drift.is_common_among(form, of_form) {
                common.push(index);
            }
            let occurrences = Occurrences {
                finding: drift,
                counted: self.responses,
            };
            self.drifts.insert(key, occurrences);
            new.push(index);
        }
        (new, common)
    }

    pub fn summary(&self, coverage: &Coverage) -> Summary {
        let known = self.drifts.values();
        let mut drifts: Vec<DistinctFinding> = known.map(|known| known.finding.clone()).collect();
        drifts.sort_by(|a, b| {
            let by_severity = b.severity.cmp(&a.severity).then(b.count.cmp(&a.count));
            let by_rule = by_severity.then(a.rule.cmp(&b.rule));
            by_rule
                .then_with(|| a.pointer.cmp(&b.pointer))
                .then_with(|| a.value.cmp(&b.value))
        });
        let shapes = SHAPES.iter().map(|shape| shape.name()).chain(["none"]);
        let shapes = shapes.zip(self.shapes).filter(|(_, count)| *count > 0);
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
        Summary {
            inputs: self.inputs,
            responses: self.responses,
            skipped: self
                .skipped
                .get(&Skip::OtherOperation)
                .copied()
                .unwrap_or(0),
            skipped_by_reason: self
                .skipped
                .iter()
                .map(|(skip, count)| named(skip.reason(), *count))
                .collect(),
            recorded_as: self
                .recorded_as
                .iter()
                .map(|(form, count)| named(form, *count))
                .collect(),
            items: self
                .items
                .iter()
                .map(|(unit, count)| named(unit, *count))
                .collect(),
            verdicts: self.verdicts,
            severities: severities(&rules),
            shapes: shapes.map(|(name, count)| named(name, count)).collect(),
            forms: self
                .forms
                .iter()
                .map(|(form, count)| named(form, *count))
                .collect(),
            fields: fields(coverage),
            values: value_sets(coverage, &drifts),
            rules,
            drifts,
            more_drifts: self.more_drifts,
            unreadable: self.unreadable.clone(),
            unreadable_count: self.unreadable_count,
            ignored: self.ignored,
            ..Summary::default()
        }
    }
}

fn named(name: &str, count: u64) -> Count {
    Count {
        name: name.to_owned(),
        count,
    }
}

/// Counts one more of a name.
fn add_one(counts: &mut Vec<Count>, name: &str) {
    if let Some(count) = counts.iter_mut().find(|count| count.name == name) {
        count.count += 1;
        return;
    }
    counts.push(named(name, 1));
    counts.sort_by(|a, b| a.name.cmp(&b.name));
}

fn severities(rules: &[RuleCount]) -> Severities {
    let of = |severity| {
        let rules = rules.iter().filter(|rule| rule.severity == severity);
        rules.map(|rule| rule.count).sum()
    };
    Severities {
        errors: of(Severity::Error),
        warnings: of(Severity::Warning),
        infos: of(Severity::Info),
    }
}

fn fields(coverage: &Coverage) -> Vec<FieldCount> {
    let fields = coverage.counts().map(|(field, count, _)| FieldCount {
        pointer: field.pointer.to_owned(),
        count,
    });
    fields.collect()
}

/// The documented values with their counts, and the undocumented values found.
fn value_sets(coverage: &Coverage, drifts: &[DistinctFinding]) -> Vec<ValueSet> {
    let sets = coverage
        .counts()
        .filter(|(field, ..)| !field.values.is_empty());
    let sets = sets.map(|(field, _, counts)| ValueSet {
        pointer: field.pointer.to_owned(),
        documented: field
            .values
            .iter()
            .zip(counts)
            .map(|(value, count)| named(value, *count))
            .collect(),
        undocumented: drifts
            .iter()
            .filter(|drift| drift.pointer == field.pointer)
            .filter_map(|drift| Some(named(drift.value.as_deref()?, drift.count)))
            .collect(),
    });
    sets.collect()
}

#[cfg(test)]
mod tests {
    use super::Accumulator;
    use crate::report::ValidatedResponse;
    use seedance_query::{
        model::Source,
        validate::{coverage::Coverage, validate},
    };

    #[test]
    fn counts_repeated_findings_once() {
        let body = br#"{"code":"success","message":"","data":{"task_id":"t","status":"DONE"}}"#;
        let mut accumulator = Accumulator::default();
        for line in 1..=3 {
            let source = Source::at("a.ndjson", seedance_query::model::Place::Line(line), line);
            let response = ValidatedResponse::new(source, validate(body), body.to_vec());
            let new = accumulator.add(&response).0.len();
            assert_eq!(
                new,
                if line == 1 {
                    response.report.findings().len()
                } else {
                    0
                }
            );
        }
        let summary = accumulator.summary(&Coverage::new());
        assert_eq!((summary.responses, summary.verdicts.violates), (3, 3));
        let status = &summary.drifts[0];
        assert_eq!((status.pointer.as_str(), status.count), ("/data/status", 3));
        assert_eq!(status.value.as_deref(), Some("\"DONE\""));
        assert_eq!(status.first.to_string(), "a.ndjson:1");
        assert_eq!(status.last.to_string(), "a.ndjson:3");
        let statuses = summary
            .values
            .iter()
            .find(|set| set.pointer == "/data/status");
        assert_eq!(statuses.unwrap().undocumented[0].count, 3);
    }
}
