//! The summary of all inputs.

use super::{accumulator::Accumulator, filter::Filter};
use crate::{
    report::Summary,
    timeline::{TaskPolls, across, timelines},
};

/// The summary of what is known of some inputs and of the polls in them. It does not depend on the
/// order in which they were read.
pub(super) fn summary_of(
    mut all: Accumulator,
    polls: &TaskPolls,
    filter: &Filter,
    wants_timelines: bool,
) -> Summary {
    let across = across(polls);
    all.across(&across, |finding| filter.passes(finding));
    let mut summary = all.summary();
    (summary.tasks, summary.tasks_left_out) = polls.count();
    if wants_timelines {
        summary.lives = timelines(polls, &across);
    }
    summary.stale = filter.stale(&all.known);
    summary
}
