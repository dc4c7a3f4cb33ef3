//! A part as it is stored.

use std::{collections::BTreeMap, fmt, io, sync::Arc};

use super::{
    super::{
        counts::Counts,
        distinct::{Example, Occurrence, Occurrences},
    },
    part_text::{DOCUMENT, PROGRAM, VERSION, hex},
    records::{
        CountsRecord, EarlierRecord, ExampleRecord, FindingRecord, InputRecord, OptionsRecord,
        PartRecord, UnreadableRecord,
    },
    streamed::{Each, JsonText},
    summary_part::{InputPart, Options, SummaryPart},
    write_tasks::tasks,
    write_values::{at, hash, place},
};
use crate::{
    report::{BaselineEntry, Fingerprint},
    timeline::{InputKey, InputKind},
};
use seedance_query::validate::coverage::Coverage;

impl fmt::Display for SummaryPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(self, JsonText(f)).map_err(|_| fmt::Error)?;
        writeln!(f)
    }
}

fn write(part: &SummaryPart, out: impl io::Write) -> serde_json::Result<()> {
    let counts: Vec<&Arc<Counts>> = part.inputs.counts().collect();
    let indices: BTreeMap<&Counts, usize> = counts
        .iter()
        .enumerate()
        .map(|(index, counts)| (&***counts, index))
        .collect();
    let inputs: BTreeMap<&InputKey, usize> = part
        .inputs
        .by_key
        .keys()
        .enumerate()
        .map(|(index, key)| (&**key, index))
        .collect();
    let record = PartRecord {
        summary_part: VERSION,
        program: PROGRAM.to_owned(),
        document: DOCUMENT.clone(),
        options: options(&part.options),
        counts: counts.iter().map(|counts| counts_record(counts)).collect(),
        inputs: Each(part.inputs.by_key.iter().map(|(key, part)| {
            let counts = indices.get(&*part.counts);
            input(key, part, counts.copied().unwrap_or_default())
        })),
        tasks: tasks(&part.polls, &inputs),
    };
    serde_json::to_writer(out, &record)
}

fn options(options: &Options) -> OptionsRecord {
    let (ignored, baseline) = options.filter.parts();
    let mut ignore: Vec<String> = ignored.iter().map(ToString::to_string).collect();
    ignore.sort();
    ignore.dedup();
    let baseline = baseline.map(|baseline| {
        let mut known = baseline.known.clone();
        known.sort_by(|a, b| (&a.rule, &a.pointer, &a.value).cmp(&(&b.rule, &b.pointer, &b.value)));
        known.dedup();
        known
    });
    OptionsRecord {
        ignore,
        baseline,
        reading: options.reading.clone(),
    }
}

fn counts_record(counts: &Counts) -> CountsRecord {
    let shapes = counts.shapes().into_iter();
    let (fields, values) = coverage(&counts.coverage);
    CountsRecord {
        responses: counts.responses,
        verdicts: counts.verdicts,
        hours: counts.hours.iter().collect(),
        shapes: shapes.map(|shape| (shape.name, shape.count)).collect(),
        forms: counts.forms.clone(),
        rules: counts
            .rules
            .iter()
            .map(|(rule, count)| (rule.to_string(), *count))
            .collect(),
        skipped: counts
            .skipped
            .iter()
            .map(|(skip, count)| (skip.reason().to_owned(), *count))
            .collect(),
        recorded_as: counts.recorded_as.clone(),
        items: counts.items.clone(),
        unreadable: counts.unreadable,
        ignored: counts.ignored,
        fields,
        values,
    }
}

/// How often each field and each of its values occurred, if it did.
fn coverage(
    coverage: &Coverage,
) -> (
    BTreeMap<String, u64>,
    BTreeMap<String, BTreeMap<String, u64>>,
) {
    let (mut fields, mut values) = (BTreeMap::new(), BTreeMap::new());
    for (field, count, of_values) in coverage.counts() {
        if count > 0 {
            fields.insert(field.pointer.to_owned(), count);
        }
        let seen = field.values.iter().zip(of_values);
        let seen: BTreeMap<String, u64> = seen
            .filter(|(_, count)| **count > 0)
            .map(|(value, count)| ((*value).to_owned(), *count))
            .collect();
        if !seen.is_empty() {
            values.insert(field.pointer.to_owned(), seen);
        }
    }
    (fields, values)
}

fn input(key: &InputKey, part: &InputPart, counts: usize) -> InputRecord {
    InputRecord {
        name: key.name.to_string(),
        id: key.id.as_ref().map(|id| hex(id)).unwrap_or_default(),
        whole: key.kind == InputKind::Named,
        nth: key.nth,
        counts,
        findings: part
            .findings
            .iter()
            .map(|(kind, known)| finding(kind, known))
            .collect(),
        unreadable: part
            .unreadable
            .iter()
            .map(|(ordinal, unreadable)| UnreadableRecord {
                at: at(*ordinal, &unreadable.source),
                message: unreadable.message.clone(),
            })
            .collect(),
        known: part.known.iter().map(baseline_entry).collect(),
    }
}

fn baseline_entry(kind: &Fingerprint) -> BaselineEntry {
    BaselineEntry {
        rule: kind.rule.to_string(),
        pointer: kind.pointer.clone(),
        value: kind.value.clone(),
    }
}

fn finding(kind: &Fingerprint, known: &Occurrences) -> FindingRecord {
    let at = |occurrence: &Occurrence| at(occurrence.ordinal, &occurrence.source);
    FindingRecord {
        rule: kind.rule.to_string(),
        pointer: kind.pointer.clone(),
        value: kind.value.clone(),
        count: known.count,
        first: at(&known.first),
        last: at(&known.last),
        forms: known.forms.clone(),
        wording: known.wording.map(hash),
        example: known.example.as_deref().map(example),
    }
}

fn example(example: &Example) -> ExampleRecord {
    let finding = &example.finding;
    ExampleRecord {
        pointer: finding.pointer.clone(),
        message: finding.message.clone(),
        related: finding.related.clone(),
        expected: finding.expected.clone(),
        found: finding.found.clone(),
        spec: finding.spec.clone(),
        object: finding.object.as_deref().map(str::to_owned),
        earlier: finding.earlier.as_deref().map(|earlier| EarlierRecord {
            place: place(earlier.place),
            line: earlier.line,
        }),
        snippet: example.snippet.clone(),
    }
}
