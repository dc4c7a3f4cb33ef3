//! A stored part, read and checked.

use std::{collections::BTreeSet, str::FromStr, sync::Arc};

use serde::Deserialize;

use super::{
    super::{
        baseline::Baseline,
        counts::Counts,
        distinct::{DistinctFindings, Example, Occurrence, Occurrences},
        filter::Filter,
    },
    invalid::InvalidPart,
    part_text::{DOCUMENT, PROGRAM, VERSION},
    read_tasks::tasks,
    read_values::{hash, id, place, rule},
    records::{
        AtRecord, CountsRecord, ExampleRecord, FindingRecord, InputRecord, OptionsRecord,
        PartRecord,
    },
    summary_part::{InputPart, InputParts, Options, SummaryPart},
};
use crate::{
    input::Skip,
    report::{BaselineEntry, Fingerprint, Unreadable},
    timeline::{InputKey, InputKind},
};
use seedance_query::{
    model::Source,
    redact,
    validate::{Finding, Rule, coverage::Coverage},
};

/// What tells whether the rest can be read.
#[derive(Deserialize)]
struct Head {
    summary_part: Option<u32>,
    program: Option<String>,
    document: Option<String>,
}

type Result<T> = std::result::Result<T, InvalidPart>;

impl FromStr for SummaryPart {
    type Err = InvalidPart;

    fn from_str(text: &str) -> Result<Self> {
        part(text)
    }
}

/// Reads a part.
///
/// # Errors
///
/// Why it cannot be used, and what to do.
fn part(text: &str) -> Result<SummaryPart> {
    let head: Head = serde_json::from_str(text).map_err(|error| not_a_part(&error))?;
    let Some(version) = head.summary_part else {
        return Err(InvalidPart::new(
            "this is JSON, but not a part of a summary; `validate --summary-out FILE` writes one",
        ));
    };
    if version != VERSION {
        return Err(InvalidPart::new(format!(
            "this summary part has the format {version}, and this program reads {VERSION}; make \
             the part again with this program"
        )));
    }
    if head.program.as_deref() != Some(PROGRAM) {
        let program = head.program.as_deref().unwrap_or("an unknown version");
        return Err(InvalidPart::new(format!(
            "this summary part was made by version {program}, and this is {PROGRAM}, whose rules \
             may differ; make the part again"
        )));
    }
    if head.document.as_deref() != Some(DOCUMENT.as_str()) {
        return Err(InvalidPart::new(
            "this summary part was made with another version of the OpenAPI document; make the \
             part again with this program",
        ));
    }
    let record =
        serde_json::from_str(text).map_err(|error| InvalidPart::damaged(&error.to_string()))?;
    of_record(record)
}

fn not_a_part(error: &serde_json::Error) -> InvalidPart {
    if error.is_eof() {
        return InvalidPart::new(
            "this file is empty or cut off in the middle; make the part again",
        );
    }
    InvalidPart::new(format!(
        "this is not a part of a summary, which is one JSON object ({error}); `validate \
         --summary-out FILE` writes one"
    ))
}

fn of_record(record: PartRecord) -> Result<SummaryPart> {
    let counts: Result<Vec<Arc<Counts>>> = record
        .counts
        .into_iter()
        .map(|record| counts(record).map(Arc::new))
        .collect();
    let counts = counts?;
    let mut inputs = InputParts::default();
    let mut keys = Vec::with_capacity(record.inputs.len());
    for record in record.inputs {
        let (key, part) = input(record, &counts)?;
        if inputs.by_key.contains_key(&key) {
            return Err(InvalidPart::damaged(&format!(
                "{} is there twice",
                key.name
            )));
        }
        keys.push(Arc::clone(&key));
        inputs.insert(key, part);
    }
    if !inputs.is_complete() {
        return Err(InvalidPart::damaged("a finding has no example"));
    }
    Ok(SummaryPart {
        options: options(record.options)?,
        inputs,
        polls: tasks(record.tasks, &keys)?,
    })
}

fn options(record: OptionsRecord) -> Result<Options> {
    let mut filter = Filter::default();
    for ignored in &record.ignore {
        let ignored = ignored.parse();
        filter.ignore(ignored.map_err(|error| InvalidPart::damaged(&format!("{error}")))?);
    }
    if let Some(known) = record.baseline {
        filter.baseline(&Baseline { known });
    }
    Ok(Options {
        filter,
        reading: record.reading,
    })
}

fn counts(record: CountsRecord) -> Result<Counts> {
    let coverage = coverage(&record)?;
    let mut counts = Counts {
        responses: record.responses,
        verdicts: record.verdicts,
        forms: record.forms,
        recorded_as: record.recorded_as,
        items: record.items,
        unreadable: record.unreadable,
        ignored: record.ignored,
        coverage,
        ..Counts::default()
    };
    for (start, verdicts) in record.hours {
        counts.hours.insert(start, verdicts);
    }
    for (name, count) in &record.shapes {
        if !counts.set_shape(name, *count) {
            return Err(InvalidPart::damaged(&format!("`{name}` is not a shape")));
        }
    }
    for (id, count) in &record.rules {
        counts.rules.insert(rule(id)?, *count);
    }
    for (reason, count) in &record.skipped {
        let skip = Skip::ALL.iter().find(|skip| skip.reason() == reason);
        let skip = skip
            .ok_or_else(|| InvalidPart::damaged(&format!("`{reason}` is not a reason to skip")))?;
        counts.skip(*skip, *count);
    }
    Ok(counts)
}

fn coverage(record: &CountsRecord) -> Result<Coverage> {
    let mut coverage = Coverage::new();
    for (pointer, count) in &record.fields {
        if !coverage.set_field(pointer, *count) {
            return Err(InvalidPart::damaged(&format!(
                "{pointer} is not documented"
            )));
        }
    }
    for (pointer, values) in &record.values {
        for (value, count) in values {
            if !coverage.set_value(pointer, value, *count) {
                return Err(InvalidPart::damaged(&format!(
                    "`{value}` is not a documented value of {pointer}"
                )));
            }
        }
    }
    Ok(coverage)
}

fn input(record: InputRecord, counts: &[Arc<Counts>]) -> Result<(Arc<InputKey>, InputPart)> {
    let kind = if record.whole {
        InputKind::Named
    } else {
        InputKind::Read
    };
    let key = Arc::new(InputKey {
        name: record.name.into(),
        kind,
        nth: record.nth,
        id: Some(id(&record.id)?),
    });
    let counts = counts
        .get(record.counts)
        .ok_or_else(|| InvalidPart::damaged(&format!("the counts of {} are missing", key.name)))?;
    let mut findings = DistinctFindings::default();
    for record in record.findings {
        let (kind, known) = finding(record, &key)?;
        findings.insert(kind, known);
    }
    let unreadable = record.unreadable.into_iter().map(|unreadable| {
        let source = source(&unreadable.at, &key);
        let message = redact::text(&unreadable.message).into_owned();
        (unreadable.at.n, Unreadable { source, message })
    });
    let known: Result<BTreeSet<Fingerprint>> = record.known.into_iter().map(fingerprint).collect();
    let part = InputPart {
        counts: Arc::clone(counts),
        findings,
        unreadable: unreadable.collect(),
        known: known?,
        inputs: u64::from(kind == InputKind::Read),
    };
    Ok((key, part))
}

fn fingerprint(entry: BaselineEntry) -> Result<Fingerprint> {
    Ok(Fingerprint {
        rule: rule(&entry.rule)?,
        pointer: entry.pointer,
        value: entry.value,
    })
}

fn source(at: &AtRecord, key: &InputKey) -> Source {
    Source::at(Arc::clone(&key.name), place(at.place, at.line), at.line)
}

fn finding(record: FindingRecord, key: &Arc<InputKey>) -> Result<(Fingerprint, Occurrences)> {
    let occurrence = |at: &AtRecord| Occurrence {
        input: Arc::clone(key),
        ordinal: at.n,
        source: source(at, key),
    };
    let rule = rule(&record.rule)?;
    let known = Occurrences {
        count: record.count,
        first: occurrence(&record.first),
        last: occurrence(&record.last),
        forms: record.forms,
        wording: record.wording.as_deref().map(hash).transpose()?,
        example: record
            .example
            .map(|record| Arc::new(example(rule, record, key))),
    };
    let kind = Fingerprint {
        rule,
        pointer: record.pointer,
        value: record.value,
    };
    Ok((kind, known))
}

fn example(rule: Rule, record: ExampleRecord, key: &InputKey) -> Example {
    let text = |text: Option<String>| text.map(|text| redact::text(&text).into_owned());
    let mut finding = Finding::new(rule, record.pointer, record.message);
    finding.related = text(record.related);
    finding.expected = text(record.expected);
    finding.found = text(record.found);
    finding.spec = record.spec;
    finding.object = record.object.map(String::into_boxed_str);
    finding.earlier = record.earlier.map(|earlier| {
        let place = place(earlier.place, earlier.line);
        Box::new(Source::at(Arc::clone(&key.name), place, earlier.line))
    });
    Example {
        finding,
        snippet: record.snippet,
    }
}
