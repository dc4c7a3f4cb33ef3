//! Rules for two consecutive polls of a task.

use std::cmp::Ordering;

use super::poll::{ACTION, Poll, STATUS, Word};
use seedance_query::{
    model::{Source, pointers, tables},
    validate::{Finding, Rule, coverage::Field},
};

/// A rule, the pointer in the later body, and a message that continues with the earlier poll.
type Difference = (Rule, &'static str, String);

const RULES: [fn(&Poll, &Poll) -> Option<Difference>; 7] = [
    status,
    progress,
    submit_time,
    action,
    upstream_id,
    result_url,
    start_time,
];

/// The findings of the later poll, without the location of the earlier one.
pub(super) fn compare(earlier: &Poll, later: &Poll) -> Vec<Finding> {
    // The common case: the same state again.
    if earlier == later {
        return Vec::new();
    }
    RULES
        .iter()
        .filter_map(|rule| rule(earlier, later))
        .map(|(rule, pointer, message)| Finding::new(rule, pointer, message))
        .collect()
}

/// Tells in a finding of a poll where the other poll is; it is later if this one is `late`.
pub(super) fn name_other(finding: &mut Finding, other: Source, is_late: bool) {
    let place = if is_late {
        format!(" here, before {other}")
    } else {
        format!(" in {other}")
    };
    finding.message.push_str(&place);
    finding.earlier = Some(Box::new(other));
}

/// The findings that two polls have in both orders, as information.
pub(super) fn compare_unordered(one: &Poll, other: &Poll) -> Vec<Finding> {
    if one == other {
        return Vec::new();
    }
    RULES
        .iter()
        .filter_map(|rule| rule(one, other).zip(rule(other, one)))
        .map(|((_, pointer, message), _)| Finding::new(Rule::PollsDisagree, pointer, message))
        .collect()
}

/// The findings of the later one of two polls from different inputs, as far as their order is known.
pub(super) fn between(
    one: &Poll,
    other: &Poll,
    order: Option<Ordering>,
    source: impl FnOnce() -> Source,
) -> Vec<Finding> {
    let is_late = order == Some(Ordering::Greater);
    let mut findings = match order {
        None | Some(Ordering::Equal) => compare_unordered(one, other),
        Some(Ordering::Less) => compare(one, other),
        Some(Ordering::Greater) => compare(other, one),
    };
    if !findings.is_empty() {
        let source = source();
        for finding in &mut findings {
            name_other(finding, source.clone(), is_late);
        }
    }
    findings
}

fn status(earlier: &Poll, later: &Poll) -> Option<Difference> {
    const AT: &str = pointers::DATA_STATUS;
    let (was, is) = changed(earlier.status, later.status)?;
    let message = format!(
        "the task is {}, and was {}",
        named(is, *STATUS),
        named(was, *STATUS)
    );
    if is_terminal(was) {
        return Some((Rule::TerminalStatusChanged, AT, message));
    }
    match (was, is) {
        // The documented ones are in the order that a task goes through them.
        (Word::Documented(was), Word::Documented(is)) if is < was => {
            Some((Rule::StatusWentBack, AT, message))
        }
        _ => None,
    }
}

fn progress(earlier: &Poll, later: &Poll) -> Option<Difference> {
    let (was, is) = changed(earlier.progress, later.progress)?;
    let message = format!("the progress is {is} %, and was {was} %");
    (is < was).then_some((Rule::ProgressFell, pointers::DATA_PROGRESS, message))
}

fn submit_time(earlier: &Poll, later: &Poll) -> Option<Difference> {
    let (was, is) = changed(earlier.submit_time, later.submit_time)?;
    let message = format!("the task was submitted at {is}, but at {was}");
    Some((Rule::SubmitTimeChanged, pointers::DATA_SUBMIT_TIME, message))
}

fn action(earlier: &Poll, later: &Poll) -> Option<Difference> {
    let (was, is) = changed(earlier.action, later.action)?;
    let message = format!(
        "the action is {}, and was {}",
        named(is, *ACTION),
        named(was, *ACTION)
    );
    Some((Rule::ActionChanged, pointers::DATA_ACTION, message))
}

fn upstream_id(earlier: &Poll, later: &Poll) -> Option<Difference> {
    changed(earlier.upstream_id, later.upstream_id)?;
    let message = "the upstream's id differs from that".to_owned();
    Some((Rule::UpstreamIdChanged, pointers::DATA_DATA_ID, message))
}

fn result_url(earlier: &Poll, later: &Poll) -> Option<Difference> {
    changed(earlier.result_url, later.result_url)?;
    let message = "this URL points at a different file from that".to_owned();
    Some((Rule::ResultUrlMoved, pointers::DATA_RESULT_URL, message))
}

fn start_time(earlier: &Poll, later: &Poll) -> Option<Difference> {
    let message = match (earlier.start_time, later.start_time) {
        (Some(was), Some(is)) if is != was => format!("the task started at {is}, but at {was}"),
        (Some(was), None) => format!("the task has not started, but had started at {was}"),
        _ => return None,
    };
    Some((Rule::StartTimeChanged, pointers::DATA_START_TIME, message))
}

/// Both values, if both polls have one and they differ.
fn changed<T: PartialEq>(earlier: Option<T>, later: Option<T>) -> Option<(T, T)> {
    earlier.zip(later).filter(|(was, is)| was != is)
}

fn is_terminal(status: Word) -> bool {
    let name = status.name(*STATUS);
    let known = tables::STATUSES
        .iter()
        .find(|known| Some(known.value) == name);
    known.is_some_and(|known| known.shape.is_terminal())
}

fn named(word: Word, field: Option<&Field>) -> String {
    match word.name(field) {
        Some(name) => format!("`{name}`"),
        None => "something undocumented".to_owned(),
    }
}
