//! Times grouped into periods of equal length.

/// Lengths in seconds, and how their starts are written.
const LENGTHS: [(i64, &str); 6] = [
    (60, "%Y-%m-%d %H:%M"),
    (600, "%Y-%m-%d %H:%M"),
    (3_600, "%Y-%m-%d %H:%M"),
    (6 * 3_600, "%Y-%m-%d %H:%M"),
    (86_400, "%Y-%m-%d"),
    (7 * 86_400, "%Y-%m-%d"),
];
/// Maximum number of periods shown, the last ones.
pub(super) const MAX_PERIODS: usize = 48;

/// Periods of one length, in UTC.
#[derive(Clone, Copy)]
pub(super) struct Periods {
    seconds: i64,
    format: &'static str,
}

impl Periods {
    /// The shortest that are not too many between two times, in Unix seconds.
    pub fn between(first: i64, last: i64) -> Self {
        Self::of_at_least(0, first, last)
    }

    /// The same, none shorter than an hour.
    pub fn of_hours_between(first: i64, last: i64) -> Self {
        Self::of_at_least(3_600, first, last)
    }

    fn of_at_least(shortest: i64, first: i64, last: i64) -> Self {
        let fits = |seconds: i64| {
            let periods = last.div_euclid(seconds) - first.div_euclid(seconds);
            seconds >= shortest
                && usize::try_from(periods).is_ok_and(|periods| periods < MAX_PERIODS)
        };
        let lengths = LENGTHS.iter().find(|(seconds, _)| fits(*seconds));
        let (seconds, format) = *lengths.unwrap_or(&LENGTHS[LENGTHS.len() - 1]);
        Self { seconds, format }
    }

    /// The start of the period that a time is in.
    pub fn start(self, time: i64) -> i64 {
        time.div_euclid(self.seconds) * self.seconds
    }

    /// The start as text.
    pub fn name(self, time: i64) -> String {
        let start = jiff::Timestamp::from_second(self.start(time)).unwrap_or_default();
        start.strftime(self.format).to_string()
    }
}
