//! What is known of an input or of many: counts, and each distinct finding once.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    counts::{Counts, named},
    distinct::{DistinctFindings, Occurrence},
    suggestion,
};
use crate::{
    input::Skip,
    report::{DistinctFinding, Fingerprint, SourceMap, Summary, Unreadable, ValueSet},
    timeline::{Across, InputKey},
};
use seedance_query::validate::{Finding, Report, Verdict, coverage::Coverage};

/// Maximum number of unreadable items listed: the first by input and place.
const MAX_UNREADABLE: usize = 1_000;

/// What is known of some inputs. Those of parts merge to that of the whole, in any order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Accumulator {
    pub counts: Counts,
    pub findings: DistinctFindings,
    pub unreadable: BTreeMap<(Arc<InputKey>, u64), Unreadable>,
    /// The findings of the baseline that have occurred.
    pub known: BTreeSet<Fingerprint>,
    /// The number of inputs.
    pub inputs: u64,
}

impl Accumulator {
    pub fn unreadable(&mut self, input: &Arc<InputKey>, ordinal: u64, unreadable: &Unreadable) {
        self.counts.unreadable += 1;
        self.list_unreadable(Arc::clone(input), ordinal, unreadable.clone());
    }

    pub fn list_unreadable(&mut self, input: Arc<InputKey>, ordinal: u64, unreadable: Unreadable) {
        let known = &mut self.unreadable;
        let is_full = known.len() >= MAX_UNREADABLE;
        if !is_full
            || known
                .last_key_value()
                .is_some_and(|((last, at), _)| (&input, ordinal) < (last, *at))
        {
            known.insert((input, ordinal), unreadable);
            if known.len() > MAX_UNREADABLE {
                known.pop_last();
            }
        }
    }

    /// Counts a response; returns the indices of the findings that occur for the first time.
    pub fn add(&mut self, at: &Occurrence, form: &str, report: &Report, body: &[u8]) -> Vec<usize> {
        self.counts.response(form, report);
        let mut new = Vec::new();
        let mut excerpt = None;
        for (index, finding) in report.findings().iter().enumerate() {
            let snippet = || {
                let excerpt = excerpt.get_or_insert_with(|| SourceMap::of(body));
                excerpt.as_ref()?.snippet(&finding.pointer)
            };
            if self.findings.add(finding, at, Some(form), snippet) {
                new.push(index);
            }
        }
        new
    }

    pub fn merge(&mut self, other: &Self) {
        self.counts.merge(&other.counts);
        self.findings.merge(&other.findings);
        for ((input, ordinal), unreadable) in &other.unreadable {
            self.list_unreadable(Arc::clone(input), *ordinal, unreadable.clone());
        }
        self.known.extend(other.known.iter().cloned());
        self.inputs += other.inputs;
    }

    /// Adds what the inputs show together, if it passes.
    pub fn across(&mut self, found: &[Across], passes: impl Fn(&Finding) -> Passing) {
        let mut verdicts: BTreeMap<(&InputKey, u64), (Option<i64>, Verdict, Verdict)> =
            BTreeMap::new();
        for Across {
            finding,
            source,
            input,
            ordinal,
            verdict,
            recorded,
            ..
        } in found
        {
            if !self.filtered(finding, &passes) {
                continue;
            }
            *self.counts.rules.entry(finding.rule).or_default() += 1;
            let at = Occurrence {
                input: Arc::clone(input),
                ordinal: *ordinal,
                source: source.clone(),
            };
            // The body was not kept.
            self.findings.add(finding, &at, None, || None);
            let worst = &mut verdicts
                .entry((input, *ordinal))
                .or_insert((*recorded, *verdict, *verdict))
                .2;
            *worst = (*worst).max(verdict_of(finding));
        }
        for (recorded, was, is) in verdicts.into_values() {
            self.counts.worse(was, is);
            if let Some(time) = recorded {
                self.counts.hours.worse(time, was, is);
            }
        }
    }

    /// Whether a finding is to be reported; counts it otherwise.
    pub fn filtered(&mut self, finding: &Finding, passes: impl Fn(&Finding) -> Passing) -> bool {
        match passes(finding) {
            Passing::Reported => return true,
            Passing::Known(known) => {
                self.known.insert(known);
            }
            Passing::Ignored => {}
        }
        self.counts.ignored += 1;
        false
    }

    pub fn summary(&self) -> Summary {
        let counts = &self.counts;
        let listed = self.findings.iter().filter_map(|(key, known)| {
            let example = known.example.as_ref()?;
            let finding = &example.finding;
            Some(DistinctFinding {
                rule: key.rule,
                severity: key.rule.severity(),
                pointer: key.pointer.clone(),
                value: key.value.clone(),
                count: known.count,
                forms: known
                    .forms
                    .iter()
                    .map(|(form, count)| named(form, *count))
                    .collect(),
                is_uniform: known.wording.is_some(),
                first: known.first.source.clone(),
                last: known.last.source.clone(),
                example: finding.clone(),
                snippet: example.snippet.clone(),
                yaml: suggestion::addition(finding),
            })
        });
        let mut drifts: Vec<DistinctFinding> = listed.collect();
        drifts.sort_by(|a, b| {
            let by_severity = b.severity.cmp(&a.severity).then(b.count.cmp(&a.count));
            let by_rule = by_severity.then(a.rule.cmp(&b.rule));
            by_rule
                .then_with(|| a.pointer.cmp(&b.pointer))
                .then_with(|| a.value.cmp(&b.value))
        });
        let skipped = counts.skipped.get(&Skip::OtherOperation);
        let all: u64 = counts.rules.values().sum();
        let mut summary = Summary {
            inputs: self.inputs,
            responses: counts.responses,
            skipped: skipped.copied().unwrap_or(0),
            skipped_by_reason: counts
                .skipped
                .iter()
                .map(|(skip, count)| named(skip.reason(), *count))
                .collect(),
            recorded_as: counts
                .recorded_as
                .iter()
                .map(|(form, count)| named(form, *count))
                .collect(),
            items: counts
                .items
                .iter()
                .map(|(unit, count)| named(unit, *count))
                .collect(),
            verdicts: counts.verdicts(),
            severities: counts.severities(),
            hours: counts.hours(),
            shapes: counts.shapes(),
            forms: counts.forms(),
            fields: counts.fields(),
            values: value_sets(&counts.coverage, &drifts),
            rules: counts.rules(),
            more_drifts: all.saturating_sub(self.findings.count()),
            drifts,
            unreadable: self.unreadable.values().cloned().collect(),
            unreadable_count: counts.unreadable,
            ignored: counts.ignored,
            ..Summary::default()
        };
        summary.coverage = summary.document_coverage();
        summary
    }
}

/// Whether a finding is reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Passing {
    Reported,
    Ignored,
    /// The baseline lists it.
    Known(Fingerprint),
}

/// The verdict on a response with nothing but this finding.
fn verdict_of(finding: &Finding) -> Verdict {
    Report::new(None, vec![finding.clone()]).verdict()
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
    use std::sync::Arc;

    use super::{Accumulator, Occurrence};
    use crate::timeline::{InputKey, InputKind};
    use seedance_query::{
        model::{Place, Source},
        validate::validate,
    };

    #[test]
    fn counts_repeated_findings_once() {
        let body = br#"{"code":"success","message":"","data":{"task_id":"t","status":"DONE"}}"#;
        let input = Arc::new(InputKey::new("a.ndjson".into(), InputKind::Read, 0));
        let mut accumulator = Accumulator::default();
        for line in 1..=3 {
            let at = Occurrence {
                input: Arc::clone(&input),
                ordinal: line,
                source: Source::at("a.ndjson", Place::Line(line), line),
            };
            let report = validate(body);
            let new = accumulator.add(&at, "none", &report, body).len();
            let expected = if line == 1 {
                report.findings().len()
            } else {
                0
            };
            assert_eq!(new, expected);
        }
        let summary = accumulator.summary();
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
