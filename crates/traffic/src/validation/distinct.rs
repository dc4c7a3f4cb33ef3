//! Each distinct finding once, with its first and its last occurrence.

use std::{collections::BTreeMap, sync::Arc};

use super::counts::add;
use crate::{
    report::{Fingerprint, Snippet, has_same_wording, wording_of},
    timeline::{InputKey, hash},
};
use seedance_query::{model::Source, validate::Finding};

/// Maximum number of distinct findings: the first by rule, pointer and value.
const MAX_DISTINCT_FINDINGS: usize = 10_000;

/// The distinct findings of some inputs. It follows from the findings alone, in whichever order they
/// come.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct DistinctFindings(BTreeMap<Fingerprint, Occurrences>);

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Occurrences {
    pub count: u64,
    pub first: Occurrence,
    pub last: Occurrence,
    /// The number of responses with it, by form.
    pub forms: BTreeMap<String, u64>,
    /// The hash of its wording, if it was worded alike wherever it occurred but for numbers and values.
    pub wording: Option<u64>,
    /// The first one. In a part, only the first input of all that have the finding keeps it.
    pub example: Option<Arc<Example>>,
}

/// Where a finding occurred. They are in the order of their inputs, then of the responses in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Occurrence {
    pub input: Arc<InputKey>,
    /// The number of the response in its input.
    pub ordinal: u64,
    pub source: Source,
}

/// A finding as it occurred, with the lines around it if they can be shown.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Example {
    pub finding: Finding,
    pub snippet: Option<Snippet>,
}

/// The same for findings that say the same, but for numbers and values.
fn wording_hash(finding: &Finding) -> u64 {
    hash(&wording_of(finding))
}

impl Occurrence {
    fn is_before(&self, other: &Self) -> bool {
        if Arc::ptr_eq(&self.input, &other.input) {
            return self.ordinal < other.ordinal;
        }
        (&self.input, self.ordinal) < (&other.input, other.ordinal)
    }
}

impl DistinctFindings {
    /// Counts a finding; returns whether it is new and listed.
    pub fn add(
        &mut self,
        finding: &Finding,
        at: &Occurrence,
        form: Option<&str>,
        snippet: impl FnOnce() -> Option<Snippet>,
    ) -> bool {
        let key = Fingerprint::of(finding);
        let example = |snippet: Option<Snippet>| {
            Some(Arc::new(Example {
                finding: finding.clone(),
                snippet,
            }))
        };
        if let Some(known) = self.0.get_mut(&key) {
            known.count += 1;
            if let Some(form) = form.filter(|_| known.last != *at) {
                add(&mut known.forms, form, 1);
            }
            let is_alike = match known.example.as_deref() {
                Some(example) => has_same_wording(&example.finding, finding),
                None => known.wording == Some(wording_hash(finding)),
            };
            known.wording = known.wording.filter(|_| is_alike);
            if at.is_before(&known.first) {
                known.first = at.clone();
                known.example = example(snippet());
            } else if known.last.is_before(at) {
                known.last = at.clone();
            }
            return false;
        }
        if !self.has_room(&key) {
            return false;
        }
        self.insert(
            key,
            Occurrences {
                count: 1,
                first: at.clone(),
                last: at.clone(),
                forms: form.map(|form| (form.to_owned(), 1)).into_iter().collect(),
                wording: Some(wording_hash(finding)),
                example: example(snippet()),
            },
        );
        true
    }

    fn has_room(&self, key: &Fingerprint) -> bool {
        self.0.len() < MAX_DISTINCT_FINDINGS
            || self.0.last_key_value().is_some_and(|(last, _)| key < last)
    }

    pub fn insert(&mut self, key: Fingerprint, occurrences: Occurrences) {
        self.0.insert(key, occurrences);
        if self.0.len() > MAX_DISTINCT_FINDINGS {
            self.0.pop_last();
        }
    }

    pub fn merge(&mut self, other: &Self) {
        for (key, theirs) in &other.0 {
            let Some(known) = self.0.get_mut(key) else {
                if self.has_room(key) {
                    self.insert(key.clone(), theirs.clone());
                }
                continue;
            };
            known.count += theirs.count;
            for (form, count) in &theirs.forms {
                add(&mut known.forms, form, *count);
            }
            known.wording = known.wording.filter(|own| theirs.wording == Some(*own));
            if theirs.first.is_before(&known.first) {
                known.first = theirs.first.clone();
                known.example.clone_from(&theirs.example);
            }
            if known.last.is_before(&theirs.last) {
                known.last = theirs.last.clone();
            }
        }
    }

    pub fn get(&self, key: &Fingerprint) -> Option<&Occurrences> {
        self.0.get(key)
    }

    /// The same in a part, where the input has an id.
    pub fn of_input(mut self, input: &Arc<InputKey>) -> Self {
        for known in self.0.values_mut() {
            for occurrence in [&mut known.first, &mut known.last] {
                occurrence.input = Arc::clone(input);
            }
        }
        self
    }

    /// Drops the example of a finding, because an earlier input has one.
    pub fn drop_example(&mut self, key: &Fingerprint) {
        if let Some(known) = self.0.get_mut(key) {
            known.example = None;
        }
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Fingerprint, &Occurrences)> {
        self.0.iter()
    }

    /// The number of findings that are listed.
    pub fn count(&self) -> u64 {
        self.0.values().map(|known| known.count).sum()
    }
}
