//! The lives of tasks as bars.

use serde::Serialize;

use super::filters::number;
use crate::{Life, Observed};
use seedance_query::{
    model::{Shape, tables},
    validate::Rule,
};

/// So many lives are drawn, the most telling ones.
const MOST: usize = 40;
/// So many statuses are explained.
const MOST_KEYS: usize = 12;
/// The least width of a segment, in percent: a state that was seen is seen here.
const LEAST: f64 = 1.5;

/// Lives on a common scale.
#[derive(Serialize)]
pub(super) struct Timeline {
    /// What the scale counts.
    unit: &'static str,
    /// The scale's begin, middle and end.
    ticks: [String; 3],
    lives: Vec<Row>,
}

/// A status that was seen, and how it is drawn.
#[derive(PartialEq, Eq, Serialize)]
pub(super) struct Key {
    status: String,
    kind: String,
}

/// Each status of the lives that are drawn, once.
pub(super) fn legend(timelines: &[Timeline]) -> Vec<Key> {
    let mut keys = Vec::new();
    let rows = timelines.iter().flat_map(|chart| &chart.lives);
    for state in rows.flat_map(|row| &row.states) {
        let key = Key {
            status: state.status.clone(),
            kind: state.kind.clone(),
        };
        if keys.len() < MOST_KEYS && !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

#[derive(Serialize)]
struct Row {
    task_id: String,
    states: Vec<State>,
    /// All of it in words.
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

/// The lives with times, then those without, and how many are not drawn.
pub(super) fn timelines(lives: &[Life]) -> (Vec<Timeline>, usize) {
    let seen = lives.iter().filter(|life| !life.observed.is_empty());
    let mut lives: Vec<&Life> = seen.collect();
    // Those that something was found in come first, then those that tell more than one state.
    let is_quiet = |life: &Life| life.observed.iter().all(|state| state.rules.is_empty());
    lives.sort_by_key(|life| (is_quiet(life), life.observed.len() == 1));
    let drawn = &lives[..lives.len().min(MOST)];
    let has_times = |life: &&&Life| life.observed.iter().all(|state| state.since.is_some());
    let (timed, others): (Vec<&Life>, Vec<&Life>) = drawn.iter().partition(|life| has_times(life));
    let seconds = |state: &Observed| state.seconds.unwrap_or_default().max(0).unsigned_abs();
    let all = [
        timeline("time", &timed, seconds, duration),
        timeline("polls", &others, |state| state.polls.max(1), polls),
    ];
    (
        all.into_iter().flatten().collect(),
        lives.len() - drawn.len(),
    )
}

fn timeline(
    unit: &'static str,
    lives: &[&Life],
    length: impl Fn(&Observed) -> u64,
    words: impl Fn(u64) -> String,
) -> Option<Timeline> {
    let total = |life: &&Life| life.observed.iter().map(&length).sum::<u64>();
    let longest = lives.iter().map(total).max()?.max(1);
    let rows = lives.iter().map(|life| row(life, &length, &words, longest));
    let mut rows: Vec<Row> = rows.collect();
    // What is wider than it is long must not run out of the picture.
    let widest = rows.iter().map(Row::end).fold(100.0, f64::max);
    for state in rows.iter_mut().flat_map(|row| &mut row.states) {
        state.x = rounded(state.x * 100.0 / widest);
        state.width = rounded(state.width * 100.0 / widest);
    }
    Some(Timeline {
        unit,
        ticks: [words(0), words(longest / 2), words(longest)],
        lives: rows,
    })
}

fn row(
    life: &Life,
    length: impl Fn(&Observed) -> u64,
    words: impl Fn(u64) -> String,
    longest: u64,
) -> Row {
    let mut x = 0.0;
    let mut states = Vec::new();
    for state in &life.observed {
        let length = length(state);
        #[allow(clippy::cast_precision_loss, reason = "a picture is not that precise")]
        let width = (length as f64 * 100.0 / longest as f64).max(LEAST);
        states.push(State {
            status: state.status.clone(),
            kind: kind(&state.status),
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
    Row {
        task_id: life.task_id.clone(),
        states,
        words: said.join(", then "),
    }
}

impl Row {
    fn end(&self) -> f64 {
        self.states
            .last()
            .map_or(0.0, |state| state.x + state.width)
    }
}

/// What a status means, as the style names it.
fn kind(status: &str) -> String {
    let mut waiting = 0;
    for known in tables::STATUSES {
        let is_this = known.value == status;
        match known.shape {
            Shape::Failure | Shape::Error if is_this => return "failed".to_owned(),
            Shape::Normal | Shape::SuperResolution if is_this => return "done".to_owned(),
            Shape::Pending if is_this => return format!("waiting-{waiting}"),
            Shape::Pending => waiting += 1,
            _ => {}
        }
    }
    "unknown".to_owned()
}

fn rounded(percent: f64) -> f64 {
    (percent * 100.0).round() / 100.0
}

fn polls(count: u64) -> String {
    match count {
        1 => "1 poll".to_owned(),
        count => format!("{} polls", number(count)),
    }
}

/// Seconds in the two largest units that they have.
fn duration(seconds: u64) -> String {
    const UNITS: [(u64, &str); 4] = [(86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")];
    let first = UNITS.iter().position(|(unit, _)| seconds >= *unit);
    let first = first.unwrap_or(UNITS.len() - 1);
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (unit, name) in UNITS.iter().skip(first).take(2) {
        let count = rest / unit;
        rest %= unit;
        if count > 0 || parts.is_empty() {
            parts.push(format!("{} {name}", number(count)));
        }
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{MOST, duration, kind, timelines};
    use crate::{Life, Observed};
    use seedance_query::{model::Source, validate::Rule};

    fn life(states: &[(&str, u64, Option<i64>)]) -> Life {
        let state = |(status, polls, seconds): &(&str, u64, Option<i64>)| Observed {
            status: (*status).to_owned(),
            progress: None,
            polls: *polls,
            since: seconds.map(|_| 1_780_000_000),
            seconds: *seconds,
            first: Source::whole("polls"),
            rules: Vec::new(),
        };
        Life {
            task_id: "task".to_owned(),
            observed: states.iter().map(state).collect(),
        }
    }

    #[test]
    fn segments_are_as_long_as_their_states() {
        let lives = [
            life(&[
                ("QUEUED", 1, Some(50)),
                ("IN_PROGRESS", 1, Some(150)),
                ("SUCCESS", 1, Some(0)),
            ]),
            life(&[("FAILURE", 1, Some(-7))]),
            life(&[("QUEUED", 3, None), ("SUBMITTED", 1, None)]),
        ];
        let (charts, more) = timelines(&lives);
        assert_eq!((charts.len(), more), (2, 0));
        let segments = |chart: usize, row: usize| -> Vec<(f64, f64)> {
            let states = &charts[chart].lives[row].states;
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
            charts[1].lives[0].words,
            "QUEUED for 3 polls, then SUBMITTED for 1 poll"
        );
    }

    #[test]
    fn the_most_telling_lives_are_drawn() {
        let mut lives = vec![life(&[("QUEUED", 1, None)]); MOST + 5];
        lives.push(life(&[("QUEUED", 1, None), ("SUCCESS", 1, None)]));
        lives.push(life(&[("FAILURE", 1, None)]));
        lives[MOST + 6].observed[0].rules.push(Rule::TimeOrder);
        let (charts, more) = timelines(&lives);
        assert_eq!((charts[0].lives.len(), more), (MOST, 7));
        let words = charts[0].lives.iter().map(|life| life.words.as_str());
        let first: Vec<&str> = words.take(3).collect();
        let expected = [
            "FAILURE for 1 poll",
            "QUEUED for 1 poll, then SUCCESS for 1 poll",
            "QUEUED for 1 poll",
        ];
        assert_eq!(first, expected);
        assert!(timelines(&[life(&[])]).0.is_empty());
    }

    #[test]
    fn every_status_has_its_colour() {
        let kinds = [
            "NOT_START",
            "QUEUED",
            "IN_PROGRESS",
            "SUCCESS",
            "FAILURE",
            "queued",
        ]
        .map(kind);
        assert_eq!(kinds[3..], ["done", "failed", "unknown"]);
        let waiting: BTreeSet<&str> = kinds[..3].iter().map(String::as_str).collect();
        assert_eq!(waiting, ["waiting-0", "waiting-1", "waiting-2"].into());
    }

    #[test]
    fn durations_are_short() {
        for (seconds, expected) in [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (3_725, "1 h 2 min"),
            (200_000, "2 d 7 h"),
        ] {
            assert_eq!(duration(seconds), expected);
        }
    }
}
