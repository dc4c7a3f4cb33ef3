//! The polls of each task over all inputs, in bounded memory.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::{
    distinct_tasks::DistinctTasks,
    inputs::InputKey,
    moment::Moment,
    poll::Poll,
    rules::between,
    span::{PollAt, Span, State},
    task_spans::TaskSpans,
};
use seedance_query::validate::{Finding, Rule};

/// Maximum number of spans kept over all tasks: those of the tasks with the smallest hashes.
const MAX_SPANS: usize = 1 << 16;
/// Maximum number of spans of a task in an input; the last one then stands for all that follow.
const MAX_SPANS_OF_INPUT: usize = 100;

/// The spans of each task, each once, whichever order they came in.
///
/// All tasks whose hash is below a limit are complete, and the limit is the smallest at which there
/// would be too many spans. It follows from the spans alone, so that merged values equal the whole.
#[derive(Clone, Debug)]
pub(crate) struct TaskPolls {
    max_spans: usize,
    tasks: BTreeMap<u64, TaskSpans>,
    spans: usize,
    /// The smallest hash that was left out.
    below: Option<u64>,
    distinct: DistinctTasks,
}

impl Default for TaskPolls {
    fn default() -> Self {
        Self {
            max_spans: MAX_SPANS,
            tasks: BTreeMap::new(),
            spans: 0,
            below: None,
            distinct: DistinctTasks::default(),
        }
    }
}

impl TaskPolls {
    /// Compares a poll with the last one in the inputs that were read before.
    pub fn contradictions(&self, poll: &Poll, moment: Moment, input: &InputKey) -> Vec<Finding> {
        let Some((span, at)) = self.tasks.get(&poll.task).and_then(TaskSpans::latest) else {
            return Vec::new();
        };
        if *span.input == *input {
            return Vec::new();
        }
        let is_first = self
            .tasks
            .get(&poll.task)
            .is_some_and(|task| task.spans.last().is_none_or(|last| *last.input != *input));
        let order = at.moment.order(moment);
        // Later polls of an input are compared with those before them.
        if !is_first && order != Some(Ordering::Less) {
            return Vec::new();
        }
        between(&span.poll, poll, order, || span.source(at))
    }

    /// Adds a poll of the input that is being read.
    pub fn add(
        &mut self,
        poll: Poll,
        at: PollAt,
        input: &Arc<InputKey>,
        state: Option<&State>,
        rules: &[Rule],
    ) {
        self.distinct.add(poll.task);
        if self.below.is_some_and(|below| poll.task >= below) {
            return;
        }
        let task = self.tasks.entry(poll.task).or_default();
        if let (None, Some(state)) = (&task.id, state) {
            task.id = Some(state.task_id.as_str().into());
        }
        let own = task.spans.iter().rev().take(MAX_SPANS_OF_INPUT);
        let own = own
            .take_while(|span| Arc::ptr_eq(&span.input, input))
            .count();
        let moment = at.moment;
        match task.spans.last_mut().filter(|_| own > 0) {
            Some(last) if last.poll == poll || own >= MAX_SPANS_OF_INPUT => {
                last.extend(poll, at, state, rules);
            }
            _ => {
                if task.spans.is_empty() {
                    // Many tasks have one span only; a vector would begin with room for four.
                    task.spans.reserve_exact(1);
                }
                task.spans.push(Span::new(poll, at, input, state, rules));
                self.spans += 1;
            }
        }
        let index = u32::try_from(task.spans.len() - 1).unwrap_or(u32::MAX);
        let is_later = task
            .latest()
            .is_none_or(|(_, latest)| latest.moment.order(moment) != Some(Ordering::Greater));
        if is_later {
            let is_last = task.spans.last().is_some_and(|span| span.last.is_some());
            task.latest = (index, is_last);
        }
        self.limit();
    }

    /// Leaves out what is too much.
    fn limit(&mut self) {
        while self.spans > self.max_spans {
            let Some((task, left_out)) = self.tasks.pop_last() else {
                break;
            };
            self.spans -= left_out.spans.len();
            self.below = Some(task);
        }
    }

    /// Adds all polls of inputs that are not here yet.
    pub fn merge(&mut self, other: &Self) {
        self.distinct.merge(&other.distinct);
        if let Some(below) = other.below
            && self.below.is_none_or(|own| below < own)
        {
            self.below = Some(below);
            let left_out = self.tasks.split_off(&below);
            self.spans -= left_out
                .values()
                .map(|task| task.spans.len())
                .sum::<usize>();
        }
        let known = |below: Option<u64>, task: u64| below.is_none_or(|below| task < below);
        for (hash, task) in &other.tasks {
            if known(self.below, *hash) {
                self.insert(*hash, task.id.as_deref(), &task.spans);
            }
        }
    }

    /// Adds the spans of a task, except those of inputs that it has spans of.
    pub fn insert(&mut self, hash: u64, id: Option<&str>, spans: &[Span]) {
        let task = self.tasks.entry(hash).or_default();
        if task.id.is_none() {
            task.id = id.map(Into::into);
        }
        let known: BTreeSet<Arc<InputKey>> = task
            .spans
            .iter()
            .map(|span| Arc::clone(&span.input))
            .collect();
        for span in spans.iter().filter(|span| !known.contains(&span.input)) {
            task.spans.push(span.clone());
            self.spans += 1;
        }
        self.limit();
    }

    /// Replaces the inputs.
    pub fn replace_inputs(&mut self, new: &BTreeMap<Arc<InputKey>, Arc<InputKey>>) {
        let spans = self.tasks.values_mut().flat_map(|task| &mut task.spans);
        for span in spans {
            if let Some(new) = new.get(&span.input) {
                span.input = Arc::clone(new);
            }
        }
    }

    /// The polls of the task whose id has this hash.
    pub fn task(&self, hash: u64) -> Option<&TaskSpans> {
        self.tasks.get(&hash)
    }

    /// The tasks by their hash.
    pub fn tasks(&self) -> impl Iterator<Item = (u64, &TaskSpans)> + Clone {
        self.tasks.iter().map(|(hash, task)| (*hash, task))
    }

    pub fn distinct(&self) -> &DistinctTasks {
        &self.distinct
    }

    /// The smallest hash that was left out.
    pub fn below(&self) -> Option<u64> {
        self.below
    }

    /// A value without tasks, which is known to have left out those from a hash on.
    pub fn without_tasks(distinct: DistinctTasks, below: Option<u64>) -> Self {
        Self {
            below,
            distinct,
            ..Self::default()
        }
    }

    /// The number of tasks, and that of those whose polls are not kept.
    pub fn count(&self) -> (u64, u64) {
        let all = self.distinct.count();
        let left_out = self
            .below
            .map_or(0, |_| all.saturating_sub(self.tasks.len() as u64));
        (all, left_out)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use proptest::prelude::*;

    use super::{PollAt, TaskPolls};
    use crate::timeline::{
        inputs::{InputKey, InputKind},
        moment::Moment,
        poll::Poll,
        position::Position,
    };
    use seedance_query::{model::Place, validate::Verdict};

    /// The hashes of tasks and the progress of their polls, in the order of an input.
    type Polls = Vec<(u64, u8)>;

    fn read(max_spans: usize, inputs: &[(usize, Polls)]) -> TaskPolls {
        let mut polls = TaskPolls {
            max_spans,
            ..TaskPolls::default()
        };
        for (number, input) in inputs {
            let key = InputKey::new(number.to_string().into(), InputKind::Read, 0);
            let key = Arc::new(key);
            for (ordinal, (task, progress)) in input.iter().enumerate() {
                let poll = Poll {
                    progress: Some(f32::from(*progress)),
                    ..Poll::of_task(*task)
                };
                let at = PollAt {
                    moment: Moment::default(),
                    position: Position::new(0, Place::Whole, 1),
                    ordinal: ordinal as u64,
                    verdict: Verdict::Conforms,
                };
                polls.add(poll, at, &key, None, &[]);
            }
        }
        polls
    }

    /// What is kept, whatever the order of the inputs.
    fn kept(polls: &TaskPolls) -> (Option<u64>, usize, Vec<String>) {
        let spans = polls.tasks().flat_map(|(_, task)| &task.spans);
        let spans = spans.map(|span| {
            format!(
                "{:?}",
                (&span.input, span.poll, span.first, &span.last, span.polls)
            )
        });
        let mut spans: Vec<String> = spans.collect();
        spans.sort();
        (polls.below(), polls.spans, spans)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        /// Whichever tasks are left out, it is the same ones in parts as in the whole.
        #[test]
        fn what_is_kept_merges(
            inputs in prop::collection::vec(
                prop::collection::vec((0..12_u64, 0..3_u8), 0..12), 1..6),
            split in prop::collection::vec(any::<(bool, bool)>(), 6),
            max_spans in 1..30_usize,
        ) {
            let inputs: Vec<(usize, Polls)> = inputs.into_iter().enumerate().collect();
            let part = |is_in: &dyn Fn(&(bool, bool)) -> bool| {
                let part = inputs.iter().filter(|(number, _)| is_in(&split[*number]));
                read(max_spans, &part.cloned().collect::<Vec<_>>())
            };
            // An input is in one part, in the other, or in both.
            let one = part(&|(in_one, _)| *in_one);
            let other = part(&|(in_one, in_other)| *in_other || !in_one);
            let whole = kept(&read(max_spans, &inputs));
            for (first, second) in [(&one, &other), (&other, &one)] {
                let mut merged = first.clone();
                merged.merge(second);
                prop_assert_eq!(kept(&merged), whole.clone());
                merged.merge(first);
                prop_assert_eq!(kept(&merged), whole.clone());
            }
        }
    }
}
