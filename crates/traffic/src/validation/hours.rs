//! Responses by the hour in which they were recorded.

use std::collections::BTreeMap;

use seedance_query::validate::Verdict;

/// Seconds of an hour.
const HOUR: i64 = 3_600;
/// Maximum number of hours kept, the latest: more than half a year.
const MAX_HOURS: usize = 5_000;

/// The number of responses by verdict, by the start of the hour in Unix seconds.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hours(BTreeMap<i64, [u64; 3]>);

impl Hours {
    /// Counts a response that was recorded at this time.
    pub fn add(&mut self, time: i64, verdict: Verdict) {
        let mut verdicts = [0; 3];
        verdicts[verdict as usize] = 1;
        self.insert(time.div_euclid(HOUR) * HOUR, verdicts);
    }

    /// Adds what is known of an hour.
    pub fn insert(&mut self, start: i64, verdicts: [u64; 3]) {
        let own = self.0.entry(start).or_default();
        for (own, other) in own.iter_mut().zip(verdicts) {
            *own += other;
        }
        if self.0.len() > MAX_HOURS {
            self.0.pop_first();
        }
    }

    /// A response turned out to be worse than it was counted.
    pub fn worse(&mut self, time: i64, was: Verdict, is: Verdict) {
        if let Some(verdicts) = self.0.get_mut(&(time.div_euclid(HOUR) * HOUR)) {
            let was = &mut verdicts[was as usize];
            *was = was.saturating_sub(1);
            verdicts[is as usize] += 1;
        }
    }

    pub fn merge(&mut self, other: &Self) {
        for (start, verdicts) in &other.0 {
            self.insert(*start, *verdicts);
        }
    }

    /// The hours in order.
    pub fn iter(&self) -> impl Iterator<Item = (i64, [u64; 3])> {
        self.0.iter().map(|(start, verdicts)| (*start, *verdicts))
    }
}

#[cfg(test)]
mod tests {
    use super::{HOUR, Hours, MAX_HOURS};
    use seedance_query::validate::Verdict;

    #[test]
    fn the_latest_hours_are_kept_whichever_order_they_come_in() {
        let count = i64::try_from(MAX_HOURS).unwrap() + 7;
        let (mut one, mut other, mut whole) = Default::default();
        for hour in 0..count {
            let time = (hour * 31 % count) * HOUR + 59;
            let part: &mut Hours = if hour % 3 == 0 { &mut one } else { &mut other };
            part.add(time, Verdict::Drifts);
            Hours::add(&mut whole, time, Verdict::Drifts);
        }
        one.merge(&other);
        assert_eq!(one, whole);
        let kept: Vec<(i64, [u64; 3])> = whole.iter().collect();
        assert_eq!((kept.len(), kept[0]), (MAX_HOURS, (7 * HOUR, [0, 1, 0])));
        whole.worse(8 * HOUR, Verdict::Drifts, Verdict::Violates);
        whole.worse(0, Verdict::Drifts, Verdict::Violates);
        let kept: Vec<(i64, [u64; 3])> = whole.iter().take(2).collect();
        assert_eq!(kept, [(7 * HOUR, [0, 1, 0]), (8 * HOUR, [0, 0, 1])]);
        let mut early = Hours::default();
        early.add(-1, Verdict::Conforms);
        assert_eq!(early.iter().next(), Some((-HOUR, [1, 0, 0])));
    }
}
