//! What is known of the inputs: added up as each of them ends.

use std::{collections::BTreeMap, mem, sync::Arc};

use super::{accumulator::Accumulator, counts::Counts, current::CurrentInput, part::PartBuilder};
use crate::{
    input::Skip,
    report::{Fingerprint, Unreadable},
    timeline::{InputId, InputKey, InputKind, Inputs, Position},
};
use seedance_query::{
    model::Source,
    validate::{Finding, Severity},
};

/// What is known of the inputs.
#[derive(Debug, Default)]
pub(crate) struct ByInput {
    inputs: Inputs,
    /// The inputs that were read.
    done: Accumulator,
    current: Option<CurrentInput>,
    /// The number of the next input that is not counted yet.
    next: u32,
    /// What was found of the paths that the user named, as a whole.
    named: BTreeMap<Arc<str>, Accumulator>,
    part: Option<PartBuilder>,
}

impl ByInput {
    /// Keeps what is known of each input by itself, for a part of a summary.
    pub fn keep_each(&mut self) {
        self.part = Some(PartBuilder::default());
    }

    /// Whether inputs are kept by themselves, and told apart by their content.
    pub fn keeps_each(&self) -> bool {
        self.part.is_some()
    }

    /// The number of an input; none if one of this name was read.
    pub fn add_file(&mut self, name: &Arc<str>) -> Option<u32> {
        (!self.inputs.has(name)).then(|| self.inputs.add(name))
    }

    pub fn add(&mut self, name: &Arc<str>) -> u32 {
        self.inputs.add(name)
    }

    /// The counts of an input.
    pub fn counts(&mut self, input: u32) -> &mut Counts {
        &mut self.enter(input).accumulator.counts
    }

    /// Adds what was read of an input, in order.
    pub fn add_content(&mut self, input: u32, digests: &[InputId]) {
        self.enter(input).read(digests);
    }

    /// Counts what was left out of a directory.
    pub fn add_left_out(&mut self, directory: &Arc<str>, skip: Skip, count: u64) {
        self.of_named(directory).counts.skip(skip, count);
    }

    /// Counts a path that the user named, and that has no response.
    pub fn add_unreadable_input(&mut self, name: &Arc<str>, message: String) -> Unreadable {
        let unreadable = Unreadable {
            source: Source::whole(Arc::clone(name)),
            message,
        };
        let key = Arc::new(InputKey::new(Arc::clone(name), InputKind::Named, 0));
        self.of_named(name).unreadable(&key, 0, &unreadable);
        unreadable
    }

    /// Counts an item that could not be read.
    pub fn add_unreadable(&mut self, position: Position, message: String) -> Unreadable {
        let current = self.enter(position.input);
        current.ordinal += 1;
        let unreadable = Unreadable {
            source: position.source(&current.key.name),
            message,
        };
        let (key, ordinal) = (Arc::clone(&current.key), current.ordinal);
        current.accumulator.unreadable(&key, ordinal, &unreadable);
        unreadable
    }

    /// Goes on to an input, unless that is being read.
    pub(super) fn enter(&mut self, input: u32) -> &mut CurrentInput {
        if self
            .current
            .as_ref()
            .is_some_and(|current| current.number != input)
        {
            self.leave();
        }
        self.pass_over(input);
        let inputs = &self.inputs;
        let next = &mut self.next;
        self.current.get_or_insert_with(|| {
            *next = input.wrapping_add(1);
            CurrentInput::new(input, inputs.key(input))
        })
    }

    /// Ends the input that is being read.
    fn leave(&mut self) {
        let Some(current) = self.current.take() else {
            return;
        };
        let (key, id, accumulator) = current.end();
        if let Some(part) = &mut self.part {
            part.add(&key, id, &accumulator);
        }
        if self.done.inputs == 0 {
            self.done = accumulator;
        } else {
            self.done.merge(&accumulator);
        }
    }

    /// Counts the inputs before this one, of which nothing came.
    fn pass_over(&mut self, input: u32) {
        while self.next != input && self.current.is_none() {
            self.current = Some(CurrentInput::new(self.next, self.inputs.key(self.next)));
            self.next = self.next.wrapping_add(1);
            self.leave();
        }
    }

    /// Ends all inputs.
    pub fn finish(&mut self) {
        self.leave();
        self.pass_over(self.inputs.count());
        for (name, accumulator) in mem::take(&mut self.named) {
            let key = Arc::new(InputKey::new(name, InputKind::Named, 0));
            if let Some(part) = &mut self.part {
                part.add_named(&key, &accumulator);
            }
            self.done.merge(&accumulator);
        }
    }

    fn of_named(&mut self, name: &Arc<str>) -> &mut Accumulator {
        self.named.entry(Arc::clone(name)).or_default()
    }

    /// What is known of the inputs that were read, and of the one that is being read.
    fn known(&self) -> impl Iterator<Item = &Accumulator> + Clone {
        let current = self.current.as_ref().map(|current| &current.accumulator);
        [Some(&self.done), current].into_iter().flatten()
    }

    /// Whether an input that was read has such a finding.
    pub fn had(&self, kind: &Fingerprint) -> bool {
        self.done.findings.get(kind).is_some()
    }

    /// Whether any input so far has such a finding.
    pub fn has(&self, kind: &Fingerprint) -> bool {
        self.known().any(|known| known.findings.get(kind).is_some())
    }

    /// The indices of the findings that every response of a form has had so far.
    pub fn common(&self, form: &str, findings: &[Finding]) -> Vec<usize> {
        let count = |forms: &BTreeMap<String, u64>| forms.get(form).copied().unwrap_or(0);
        let is_common = |finding: &Finding| {
            let kind = Fingerprint::of(finding);
            let occurrences = self.known().filter_map(|known| known.findings.get(&kind));
            let mut wordings = occurrences.clone().map(|known| known.wording);
            let wording = wordings.next().flatten();
            let having: u64 = occurrences.map(|known| count(&known.forms)).sum();
            let all: u64 = self.known().map(|known| count(&known.counts.forms)).sum();
            wording.is_some() && wordings.all(|other| other == wording) && having == all
        };
        let findings = findings.iter().enumerate();
        let common = findings
            .filter(|(_, finding)| finding.severity() < Severity::Error && is_common(finding));
        common.map(|(index, _)| index).collect()
    }

    /// What is known of all inputs so far.
    pub fn total(&self) -> Accumulator {
        let mut all = self.done.clone();
        let current = self.current.as_ref().map(|current| &current.accumulator);
        for accumulator in current.into_iter().chain(self.named.values()) {
            all.merge(accumulator);
        }
        all
    }

    /// What is known of each input by itself.
    pub(super) fn into_part(mut self) -> PartBuilder {
        self.finish();
        self.part.unwrap_or_default()
    }
}
