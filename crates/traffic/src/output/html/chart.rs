//! The timelines of tasks as bars.

use serde::Serialize;

use super::{
    amounts::{duration, polls},
    status_class::status_class,
};
use crate::report::{ObservedState, TaskTimeline};
use seedance_query::validate::Rule;

/// Maximum number of timelines drawn, the most informative ones first.
const MAX_TIMELINES: usize = 40;
/// Maximum number of statuses in the legend.
const MAX_LEGEND_ENTRIES: usize = 12;
/// Minimum width of a segment in percent, so that each state is visible.
const MIN_WIDTH: f64 = 1.5;

/// Timelines on a common scale.
#[derive(Serialize)]
pub(super) struct Chart {
    /// The unit of the scale.
    unit: &'static str,
    /// The start, middle and end of the scale.
    ticks: [String; 3],
    timelines: Vec<Bar>,
}

/// A status and how it is drawn.
#[derive(PartialEq, Eq, Serialize)]
pub(super) struct LegendEntry {
    status: String,
    kind: String,
}

/// Each status that is drawn, once.
pub(super) fn legend(charts: &[Chart]) -> Vec<LegendEntry> {
    let mut keys = Vec::new();
    let bars = charts.iter().flat_map(|chart| &chart.timelines);
    for state in bars.flat_map(|bar| &bar.states) {
        let key = LegendEntry {
            status: state.status.clone(),
            kind: state.kind.clone(),
        };
        if keys.len() < MAX_LEGEND_ENTRIES && !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

#[derive(Serialize)]
struct Bar {
    task_id: String,
    states: Vec<State>,
    /// The whole timeline in words.
    words: String,
}

/// A state as a segment, in percent of the scale.
#[derive(Serialize)]
struct State {
    status: String,
    kind: String,
    x: f64,
    width: f64,
    duration: String,
    progress: Option<String>,
    rules: Vec<Rule>,
}

/// The timelines with times, then those without, and the number of those not drawn.
pub(super) fn draw(timelines: &[TaskTimeline]) -> (Vec<Chart>, usize) {
    let seen = timelines
        .iter()
        .filter(|timeline| !timeline.observed.is_empty());
    let mut timelines: Vec<&TaskTimeline> = seen.collect();
    // Timelines with findings come first, then those with more than one state.
    let is_quiet =
        |timeline: &TaskTimeline| timeline.observed.iter().all(|state| state.rules.is_empty());
    timelines.sort_by_key(|timeline| (is_quiet(timeline), timeline.observed.len() == 1));
    let drawn = &timelines[..timelines.len().min(MAX_TIMELINES)];
    let has_times =
        |timeline: &&&TaskTimeline| timeline.observed.iter().all(|state| state.since.is_some());
    let (timed, others): (Vec<&TaskTimeline>, Vec<&TaskTimeline>) =
        drawn.iter().partition(|timeline| has_times(timeline));
    let seconds = |state: &ObservedState| state.seconds.unwrap_or_default().max(0).unsigned_abs();
    let all = [
        timeline("time", &timed, seconds, duration),
        timeline("polls", &others, |state| state.polls.max(1), polls),
    ];
    (
        all.into_iter().flatten().collect(),
        timelines.len() - drawn.len(),
    )
}

fn timeline(
    unit: &'static str,
    timelines: &[&TaskTimeline],
    length: impl Fn(&ObservedState) -> u64,
    words: impl Fn(u64) -> String,
) -> Option<Chart> {
    let total = |timeline: &&TaskTimeline| timeline.observed.iter().map(&length).sum::<u64>();
    let longest = timelines.iter().map(total).max()?.max(1);
    let bars = timelines
        .iter()
        .map(|timeline| bar(timeline, &length, &words, longest));
    let mut bars: Vec<Bar> = bars.collect();
    // The minimum widths must not push a bar out of the picture.
    let widest = bars.iter().map(Bar::end).fold(100.0, f64::max);
    for state in bars.iter_mut().flat_map(|bar| &mut bar.states) {
        state.x = rounded(state.x * 100.0 / widest);
        state.width = rounded(state.width * 100.0 / widest);
    }
    Some(Chart {
        unit,
        ticks: [words(0), words(longest / 2), words(longest)],
        timelines: bars,
    })
}

fn bar(
    timeline: &TaskTimeline,
    length: impl Fn(&ObservedState) -> u64,
    words: impl Fn(u64) -> String,
    longest: u64,
) -> Bar {
    let mut x = 0.0;
    let mut states = Vec::new();
    for state in &timeline.observed {
        let length = length(state);
        #[allow(clippy::cast_precision_loss, reason = "a picture is not that precise")]
        let width = (length as f64 * 100.0 / longest as f64).max(MIN_WIDTH);
        states.push(State {
            status: state.status.clone(),
            kind: status_class(&state.status),
            x,
            width,
            duration: words(length),
            progress: state.progress.clone(),
            rules: state.rules.clone(),
        });
        x += width;
    }
    let said: Vec<String> = states
        .iter()
        .map(|state| format!("{} for {}", state.status, state.duration))
        .collect();
    Bar {
        task_id: timeline.task_id.clone(),
        states,
        words: said.join(", then "),
    }
}

impl Bar {
    fn end(&self) -> f64 {
        self.states
            .last()
            .map_or(0.0, |state| state.x + state.width)
    }
}

fn rounded(percent: f64) -> f64 {
    (percent * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::{MAX_TIMELINES, draw};
    use crate::report::{ObservedState, TaskTimeline};
    use seedance_query::{model::Source, validate::Rule};

    fn timeline(states: &[(&str, u64, Option<i64>)]) -> TaskTimeline {
        let state = |(status, polls, seconds): &(&str, u64, Option<i64>)| ObservedState {
            status: (*status).to_owned(),
            progress: None,
            polls: *polls,
            since: seconds.map(|_| 1_780_000_000),
            seconds: *seconds,
            first: Source::whole("polls"),
            rules: Vec::new(),
        };
        TaskTimeline {
            task_id: "task".to_owned(),
            observed: states.iter().map(state).collect(),
        }
    }

    #[test]
    fn segments_are_as_long_as_their_states() {
        let timelines = [
            timeline(&[
                ("QUEUED", 1, Some(50)),
                ("IN_PROGRESS", 1, Some(150)),
                ("SUCCESS", 1, Some(0)),
            ]),
            timeline(&[("FAILURE", 1, Some(-7))]),
            timeline(&[("QUEUED", 3, None), ("SUBMITTED", 1, None)]),
        ];
        let (charts, more) = draw(&timelines);
        assert_eq!((charts.len(), more), (2, 0));
        let segments = |chart: usize, bar: usize| -> Vec<(f64, f64)> {
            let states = &charts[chart].timelines[bar].states;
            states.iter().map(|state| (state.x, state.width)).collect()
        };
        assert_eq!(
            segments(0, 0),
            [(0.0, 24.63), (24.63, 73.89), (98.52, 1.48)]
        );
        assert_eq!(segments(0, 1), [(0.0, 1.48)]);
        assert_eq!(segments(1, 0), [(0.0, 75.0), (75.0, 25.0)]);
        assert_eq!(charts[0].ticks, ["0 s", "1 min 40 s", "3 min 20 s"]);
        assert_eq!(
            charts[1].timelines[0].words,
            "QUEUED for 3 polls, then SUBMITTED for 1 poll"
        );
    }

    #[test]
    fn draws_the_most_informative_timelines() {
        let mut timelines = vec![timeline(&[("QUEUED", 1, None)]); MAX_TIMELINES + 5];
        timelines.push(timeline(&[("QUEUED", 1, None), ("SUCCESS", 1, None)]));
        timelines.push(timeline(&[("FAILURE", 1, None)]));
        timelines[MAX_TIMELINES + 6].observed[0]
            .rules
            .push(Rule::TimeOrder);
        let (charts, more) = draw(&timelines);
        assert_eq!((charts[0].timelines.len(), more), (MAX_TIMELINES, 7));
        let words = charts[0]
            .timelines
            .iter()
            .map(|timeline| timeline.words.as_str());
        let first: Vec<&str> = words.take(3).collect();
        let expected = [
            "FAILURE for 1 poll",
            "QUEUED for 1 poll, then SUCCESS for 1 poll",
            "QUEUED for 1 poll",
        ];
        assert_eq!(first, expected);
        assert!(draw(&[timeline(&[])]).0.is_empty());
    }
}
