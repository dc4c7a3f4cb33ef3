//! A part made of inputs as they end.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    super::{accumulator::Accumulator, current::id, filter::Filter},
    summary_part::{InputPart, InputParts, Options, SummaryPart},
};
use crate::timeline::{InputId, InputKey, TaskPolls};

/// Collects what is known of each input as it ends.
#[derive(Debug, Default)]
pub(in crate::validation) struct PartBuilder {
    inputs: InputParts,
    /// The inputs as the run knows them, and with their ids.
    with_id: BTreeMap<Arc<InputKey>, Arc<InputKey>>,
}

impl PartBuilder {
    pub fn add(&mut self, key: &Arc<InputKey>, id: InputId, accumulator: &Accumulator) {
        let with_id = Arc::new(InputKey {
            id: Some(id),
            ..(**key).clone()
        });
        let mut part = InputPart::of(accumulator);
        part.findings = part.findings.of_input(&with_id);
        self.inputs.insert(Arc::clone(&with_id), part);
        self.with_id.insert(Arc::clone(key), with_id);
    }

    /// Adds what is known of a path as a whole, which is its content.
    pub fn add_named(&mut self, key: &Arc<InputKey>, accumulator: &Accumulator) {
        let skipped = accumulator.counts.skipped.iter();
        let skipped = skipped.map(|(skip, count)| format!("{count} {}\n", skip.reason()));
        let unreadable = accumulator.unreadable.values();
        let unreadable = unreadable.map(|unreadable| format!("{}\n", unreadable.message));
        let content: String = skipped.chain(unreadable).collect();
        self.add(key, id(key, content.as_bytes()), accumulator);
    }

    pub fn build(self, mut polls: TaskPolls, filter: Filter, reading: Vec<String>) -> SummaryPart {
        polls.replace_inputs(&self.with_id);
        SummaryPart {
            options: Options { filter, reading },
            inputs: self.inputs,
            polls,
        }
    }
}
