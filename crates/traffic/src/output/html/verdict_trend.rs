//! The verdicts on responses, over time.

use serde::Serialize;

use super::periods::{MAX_PERIODS, Periods};
use crate::report::{HourCount, Verdicts};

/// The responses that were recorded within a period.
#[derive(Serialize)]
pub(super) struct VerdictPeriod {
    /// Its start, in UTC.
    start: String,
    pub responses: u64,
    verdicts: Verdicts,
}

/// The responses by the period in which they were recorded; nothing where all are within one.
pub(super) fn verdict_trend(hours: &[HourCount]) -> Vec<VerdictPeriod> {
    let (Some(first), Some(last)) = (hours.first(), hours.last()) else {
        return Vec::new();
    };
    let length = Periods::of_hours_between(first.start, last.start);
    let of_period = hours.chunk_by(|a, b| length.start(a.start) == length.start(b.start));
    let periods: Vec<&[HourCount]> = of_period.collect();
    if periods.len() < 2 {
        return Vec::new();
    }
    let shown = periods.len().saturating_sub(MAX_PERIODS);
    let periods = periods[shown..].iter();
    periods.map(|hours| period(hours, length)).collect()
}

fn period(hours: &[HourCount], length: Periods) -> VerdictPeriod {
    let start = hours.first().map(|hour| length.name(hour.start));
    let mut verdicts = Verdicts::default();
    for hour in hours {
        verdicts.conforms += hour.verdicts.conforms;
        verdicts.drifts += hour.verdicts.drifts;
        verdicts.violates += hour.verdicts.violates;
    }
    VerdictPeriod {
        start: start.unwrap_or_default(),
        responses: verdicts.conforms + verdicts.drifts + verdicts.violates,
        verdicts,
    }
}

#[cfg(test)]
mod tests {
    use super::verdict_trend;
    use crate::report::{HourCount, Verdicts};

    /// The start of a day.
    const DAY: i64 = 1_780_012_800;

    fn hour(number: i64, conforms: u64, violates: u64) -> HourCount {
        HourCount {
            start: DAY + number * 3_600,
            verdicts: Verdicts {
                conforms,
                drifts: 1,
                violates,
            },
        }
    }

    #[test]
    fn responses_are_counted_by_hour_or_longer() {
        let facts = |hours: &[HourCount]| -> Vec<(String, u64, u64)> {
            let periods = verdict_trend(hours).into_iter();
            periods
                .map(|period| (period.start, period.responses, period.verdicts.violates))
                .collect()
        };
        assert_eq!(facts(&[]), []);
        assert_eq!(facts(&[hour(0, 4, 0)]), []);
        let two = [hour(0, 4, 0), hour(2, 1, 5)];
        let expected = [("2026-05-29 00:00", 5, 0), ("2026-05-29 02:00", 7, 5)];
        assert_eq!(
            facts(&two),
            expected.map(|(start, all, bad)| (start.to_owned(), all, bad))
        );
        let days = [hour(0, 4, 0), hour(2, 1, 5), hour(24 * 30, 0, 0)];
        let expected = [("2026-05-29", 12, 5), ("2026-06-28", 1, 0)];
        assert_eq!(
            facts(&days),
            expected.map(|(start, all, bad)| (start.to_owned(), all, bad))
        );
    }
}
