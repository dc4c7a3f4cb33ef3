//! What is known of some inputs, each by itself.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::Arc,
};

use super::{
    super::{
        accumulator::Accumulator,
        counts::Counts,
        distinct::{DistinctFindings, Occurrences},
        filter::Filter,
        whole::summary_of,
    },
    invalid::PartMismatch,
};
use crate::{
    report::{Fingerprint, Summary, Unreadable},
    timeline::{InputKey, TaskPolls},
};

/// The summary of some inputs as a value that can be stored, and merged with that of other inputs.
///
/// An input is known by its name and by what was read of it: one that is in several parts counts once,
/// and the same content under two names counts twice. Parts can be merged in any order; what comes out
/// equals the part of a run over all inputs.
///
/// Printed, it is JSON, described by [`part_schema`](crate::part_schema), with sorted keys and without
/// secrets.
///
/// # Examples
///
/// ```
/// use seedance_traffic::{Recordings, Session, SummaryPart, output::json::Json};
///
/// let part = |path: &str| {
///     let recordings = Recordings::new([path.into()]);
///     recordings.validate_to_part(Session::new(), &mut Json::new(std::io::sink()))
/// };
/// let (_, mut merged) = part("../../tests/captures/normal-720p.http")?;
/// let (_, other) = part("../../tests/captures/failure-timeout.http")?;
/// merged.merge(&other)?;
/// merged.merge(&other)?;
/// assert_eq!(merged.summary().responses, 2);
/// assert_eq!(merged.to_string().parse::<SummaryPart>()?.to_string(), merged.to_string());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct SummaryPart {
    pub(super) options: Options,
    pub(super) inputs: InputParts,
    pub(super) polls: TaskPolls,
}

/// What decides on findings and on how inputs are read; the same for all parts that are merged.
#[derive(Clone, Debug)]
pub(super) struct Options {
    pub filter: Filter,
    /// Options of reading, as on the command line.
    pub reading: Vec<String>,
}

/// What is known of each input.
#[derive(Clone, Debug, Default)]
pub(super) struct InputParts {
    pub by_key: BTreeMap<Arc<InputKey>, InputPart>,
    /// Most inputs have the same counts as others.
    counts: BTreeSet<Arc<Counts>>,
    /// The first input that has a finding; it has the example.
    first: BTreeMap<Fingerprint, Arc<InputKey>>,
}

/// What is known of an input.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct InputPart {
    pub counts: Arc<Counts>,
    pub findings: DistinctFindings,
    /// By the number of the item.
    pub unreadable: Vec<(u64, Unreadable)>,
    /// The findings of the baseline that have occurred.
    pub known: BTreeSet<Fingerprint>,
    /// 1 if it was read.
    pub inputs: u64,
}

impl SummaryPart {
    /// Adds another part.
    ///
    /// # Errors
    ///
    /// If the other part was made with other options, or tells something else of the same input. Then
    /// nothing is added.
    pub fn merge(&mut self, other: &Self) -> Result<(), PartMismatch> {
        if self.options.parts() != other.options.parts() {
            return Err(PartMismatch::options(&self.options, &other.options));
        }
        if let Some(name) = self.inputs.conflict(&other.inputs) {
            return Err(PartMismatch::input(&name));
        }
        for (key, part) in &other.inputs.by_key {
            if !self.inputs.by_key.contains_key(key) {
                self.inputs.insert(Arc::clone(key), part.clone());
            }
        }
        self.polls.merge(&other.polls);
        Ok(())
    }

    /// The summary of all inputs, without timelines.
    #[must_use]
    pub fn summary(&self) -> Summary {
        self.summarised(false)
    }

    /// The summary of all inputs with the timelines of the tasks.
    #[must_use]
    pub fn summary_with_task_timelines(&self) -> Summary {
        self.summarised(true)
    }

    fn summarised(&self, wants_timelines: bool) -> Summary {
        let mut all = Accumulator::default();
        for (key, part) in &self.inputs.by_key {
            all.merge(&part.accumulator(key));
        }
        summary_of(all, &self.polls, &self.options.filter, wants_timelines)
    }

    /// The number of inputs.
    #[must_use]
    pub fn inputs(&self) -> u64 {
        self.inputs.by_key.values().map(|part| part.inputs).sum()
    }
}

impl Options {
    fn parts(&self) -> (Vec<String>, Option<Vec<String>>, &[String]) {
        let (ignored, baseline) = self.filter.parts();
        let mut ignored: Vec<String> = ignored.iter().map(ToString::to_string).collect();
        ignored.sort();
        ignored.dedup();
        let baseline = baseline.map(|baseline| {
            let mut known: Vec<String> = baseline
                .known
                .iter()
                .map(|entry| format!("{entry:?}"))
                .collect();
            known.sort();
            known.dedup();
            known
        });
        (ignored, baseline, &self.reading)
    }
}

impl fmt::Display for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (ignored, baseline, reading) = self.parts();
        let ignored = ignored.iter().map(|ignored| format!("--ignore {ignored}"));
        let baseline = baseline.map(|known| format!("a baseline of {} findings", known.len()));
        let all: Vec<String> = ignored
            .chain(reading.iter().cloned())
            .chain(baseline)
            .collect();
        if all.is_empty() {
            return f.write_str("no options");
        }
        f.write_str(&all.join(", "))
    }
}

impl InputParts {
    /// Adds an input; only the first one with a finding keeps the example.
    pub fn insert(&mut self, key: Arc<InputKey>, mut part: InputPart) {
        if let Some(counts) = self.counts.get(&part.counts) {
            part.counts = Arc::clone(counts);
        } else {
            self.counts.insert(Arc::clone(&part.counts));
        }
        let kinds: Vec<Fingerprint> = part.findings.iter().map(|(kind, _)| kind.clone()).collect();
        for kind in kinds {
            match self.first.get_mut(&kind) {
                Some(first) if *first < key => part.findings.drop_example(&kind),
                Some(first) => {
                    if let Some(holder) = self.by_key.get_mut(first) {
                        holder.findings.drop_example(&kind);
                    }
                    *first = Arc::clone(&key);
                }
                None => {
                    self.first.insert(kind, Arc::clone(&key));
                }
            }
        }
        self.by_key.insert(key, part);
    }

    /// The name of an input of which the other tells something else.
    fn conflict(&self, other: &Self) -> Option<String> {
        let mut both = other
            .by_key
            .iter()
            .filter_map(|(key, theirs)| Some((key, self.by_key.get(key)?, theirs)));
        both.find(|(_, own, theirs)| !own.tells_the_same(theirs))
            .map(|(key, ..)| key.name.to_string())
    }

    /// Whether each finding has an example.
    pub fn is_complete(&self) -> bool {
        self.first.iter().all(|(kind, first)| {
            let holder = self.by_key.get(first);
            let known = holder.and_then(|holder| holder.findings.get(kind));
            known.is_some_and(|known| known.example.is_some())
        })
    }

    /// The distinct counts in order.
    pub fn counts(&self) -> impl Iterator<Item = &Arc<Counts>> {
        self.counts.iter()
    }
}

impl InputPart {
    pub fn of(accumulator: &Accumulator) -> Self {
        let unreadable = accumulator.unreadable.iter();
        Self {
            counts: Arc::new(accumulator.counts.clone()),
            findings: accumulator.findings.clone(),
            unreadable: unreadable
                .map(|((_, ordinal), unreadable)| (*ordinal, unreadable.clone()))
                .collect(),
            known: accumulator.known.clone(),
            inputs: accumulator.inputs,
        }
    }

    fn accumulator(&self, key: &Arc<InputKey>) -> Accumulator {
        let unreadable = self.unreadable.iter();
        Accumulator {
            counts: (*self.counts).clone(),
            findings: self.findings.clone(),
            unreadable: unreadable
                .map(|(ordinal, unreadable)| ((Arc::clone(key), *ordinal), unreadable.clone()))
                .collect(),
            known: self.known.clone(),
            inputs: self.inputs,
        }
    }

    /// Whether all but the examples is equal.
    fn tells_the_same(&self, other: &Self) -> bool {
        let findings = |part: &Self| {
            let findings = part.findings.iter();
            let findings = findings.map(|(kind, known)| {
                let known = Occurrences {
                    example: None,
                    ..known.clone()
                };
                (kind.clone(), known)
            });
            findings.collect::<Vec<_>>()
        };
        (&self.counts, &self.unreadable, &self.known, self.inputs)
            == (&other.counts, &other.unreadable, &other.known, other.inputs)
            && findings(self) == findings(other)
    }
}
