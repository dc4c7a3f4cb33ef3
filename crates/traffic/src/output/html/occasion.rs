//! When a report was made, and of what.

use serde::Serialize;

use crate::report::{Count, Summary, TaskTimeline};

/// When a report was made, and of what.
#[derive(Serialize)]
pub(super) struct Occasion<'a> {
    /// When the page was made, in UTC.
    made: String,
    /// The times of the first and the last poll that are known.
    polled: Option<[String; 2]>,
    /// Number of responses by how they were recorded.
    recorded_as: &'a [Count],
    /// Number of items that were looked at, by kind.
    items: &'a [Count],
}

impl<'a> Occasion<'a> {
    pub(super) fn of(summary: &'a Summary) -> Self {
        Self {
            made: minute(jiff::Timestamp::now()),
            polled: polled(&summary.lives),
            recorded_as: &summary.recorded_as,
            items: &summary.items,
        }
    }
}

fn polled(timelines: &[TaskTimeline]) -> Option<[String; 2]> {
    let states = || timelines.iter().flat_map(|task| &task.observed);
    let first = states().filter_map(|state| state.since).min()?;
    let last = states().filter_map(|state| Some(state.since? + state.seconds.unwrap_or(0).max(0)));
    let time = |seconds| jiff::Timestamp::from_second(seconds).ok().map(minute);
    Some([time(first)?, time(last.max()?)?])
}

fn minute(time: jiff::Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::Occasion;
    use crate::validation::Session;
    use seedance_query::model::Source;

    #[test]
    fn the_times_of_polls_are_those_of_the_traffic() {
        let mut session = Session::new().with_task_timelines();
        assert!(Occasion::of(&session.summary()).polled.is_none());
        for (time, status) in [(1_780_012_800, "QUEUED"), (1_780_012_999, "IN_PROGRESS")] {
            let body = format!(
                r#"{{"code":"success","message":"","data":{{"task_id":"t","status":"{status}"}}}}"#
            );
            session.validate(Source::whole("a"), None, Some(time), body.as_bytes());
        }
        let polled = Occasion::of(&session.summary()).polled.unwrap();
        assert_eq!(polled, ["2026-05-29 00:00 UTC", "2026-05-29 00:03 UTC"]);
    }
}
