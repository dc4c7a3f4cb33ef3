//! A part as it is stored.

use std::{collections::BTreeMap, fmt, sync::Arc};

use super::{
    super::{
        counts::Counts,
        distinct::{Example, Occurrence, Occurrences},
    },
    part_text::{DOCUMENT, PROGRAM, VERSION, hex},
    records::{
        AtRecord, CountsRecord, EarlierRecord, ExampleRecord, FindingRecord, InputRecord,
        OptionsRecord, PartRecord, PlaceRecord, PollRecord, SpanRecord, TaskRecord, TasksRecord,
        TextRecord, ToldRecord, UnreadableRecord, VerdictRecord,
    },
    summary_part::{InputPart, Options, SummaryPart},
};
use crate::{
    report::{BaselineEntry, Fingerprint},
    timeline::{
        ACTION, InputKey, InputKind, Poll, PollAt, STATUS, Span, SpanText, TaskPolls, TaskSpans,
        Word,
    },
};
use seedance_query::{
    model::{Place, Source},
    validate::{
        Verdict,
        coverage::{Coverage, Field},
    },
};

impl fmt::Display for SummaryPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = serde_json::to_string(&record(self)).map_err(|_| fmt::Error)?;
        writeln!(f, "{text}")
    }
}

fn record(part: &SummaryPart) -> PartRecord {
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
    PartRecord {
        summary_part: VERSION,
        program: PROGRAM.to_owned(),
        document: DOCUMENT.clone(),
        options: options(&part.options),
        counts: counts.iter().map(|counts| counts_record(counts)).collect(),
        inputs: part
            .inputs
            .by_key
            .iter()
            .map(|(key, part)| {
                input(
                    key,
                    part,
                    indices.get(&*part.counts).copied().unwrap_or_default(),
                )
            })
            .collect(),
        tasks: tasks(&part.polls, &inputs),
    }
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

fn at(ordinal: u64, source: &Source) -> AtRecord {
    AtRecord {
        n: ordinal,
        place: place(source.place),
        line: source.line,
    }
}

fn place(place: Place) -> PlaceRecord {
    match place {
        Place::Line(_) => PlaceRecord::Line,
        Place::Item(item) => PlaceRecord::Item(item),
        _ => PlaceRecord::Whole,
    }
}

fn tasks(polls: &TaskPolls, inputs: &BTreeMap<&InputKey, usize>) -> TasksRecord {
    let (hashes, below) = polls.distinct().parts();
    TasksRecord {
        hashes: hashes.map(hash).collect(),
        hashes_below: below.map(hash),
        polls: polls
            .tasks()
            .map(|(task, spans)| task_record(task, spans, inputs))
            .collect(),
        polls_below: polls.below().map(hash),
    }
}

fn task_record(task: u64, known: &TaskSpans, inputs: &BTreeMap<&InputKey, usize>) -> TaskRecord {
    let mut spans: Vec<SpanRecord> = known.spans.iter().map(|of| span(of, inputs)).collect();
    spans.sort_by_key(|span| (span.input, span.first.at.n));
    TaskRecord {
        task: hash(task),
        id: known.id.as_deref().map(str::to_owned),
        spans,
    }
}

fn span(span: &Span, inputs: &BTreeMap<&InputKey, usize>) -> SpanRecord {
    SpanRecord {
        input: inputs.get(&*span.input).copied().unwrap_or_default(),
        polls: span.polls,
        first: poll_at(span, &span.first),
        last: span.last.as_deref().map(|last| poll_at(span, last)),
        told: told(&span.poll),
        text: span.text.as_deref().map(text),
    }
}

fn poll_at(span: &Span, poll: &PollAt) -> PollRecord {
    PollRecord {
        at: at(poll.ordinal, &span.source(poll)),
        recorded: poll.moment.recorded,
        updated: poll.moment.updated,
        verdict: match poll.verdict {
            Verdict::Conforms => VerdictRecord::Conforms,
            Verdict::Drifts => VerdictRecord::Drifts,
            Verdict::Violates => VerdictRecord::Violates,
        },
    }
}

fn told(poll: &Poll) -> ToldRecord {
    let word = |word: Option<Word>, field: Option<&Field>| {
        word.map(|word| match word {
            Word::Other(hash) => format!("#{hash:08x}"),
            Word::Documented(_) => word.name(field).unwrap_or_default().to_owned(),
        })
    };
    ToldRecord {
        status: word(poll.status, *STATUS),
        action: word(poll.action, *ACTION),
        progress: poll.progress,
        submit_time: poll.submit_time.map(Into::into),
        start_time: poll.start_time.map(Into::into),
        upstream_id: poll.upstream_id.map(|id| hash(id.into())),
        result_url: poll.result_url.map(|url| hash(url.into())),
    }
}

fn text(text: &SpanText) -> TextRecord {
    TextRecord {
        status: text.status.clone(),
        progress: text.progress.clone(),
        times: text.times,
        rules: text.rules.iter().map(ToString::to_string).collect(),
    }
}

fn hash(hash: u64) -> String {
    format!("{hash:016x}")
}
