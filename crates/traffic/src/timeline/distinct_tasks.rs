//! The number of distinct tasks, in bounded memory.

use std::collections::BTreeSet;

/// Up to this number, tasks are counted; beyond, their number is estimated within about 1 %.
const MAX_COUNTED: usize = 1 << 16;

/// The smallest hashes of tasks. What two sets have together is what both tasks' sets have, so that
/// merged sets equal the set of the whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct DistinctTasks {
    smallest: BTreeSet<u64>,
    /// The smallest hash that was left out; all below are there.
    below: Option<u64>,
}

impl DistinctTasks {
    pub fn add(&mut self, task: u64) {
        if self.below.is_some_and(|below| task >= below) {
            return;
        }
        self.smallest.insert(task);
        if self.smallest.len() > MAX_COUNTED {
            self.below = self.smallest.pop_last();
        }
    }

    pub fn merge(&mut self, other: &Self) {
        self.leave_out(other.below);
        for task in &other.smallest {
            self.add(*task);
        }
    }

    fn leave_out(&mut self, below: Option<u64>) {
        if let Some(below) = below
            && self.below.is_none_or(|own| below < own)
        {
            self.below = Some(below);
            self.smallest.split_off(&below);
        }
    }

    /// The number of tasks; beyond the limit, what their density in the range of the hashes tells.
    pub fn count(&self) -> u64 {
        let counted = self.smallest.len() as u64;
        let Some(below) = self.below else {
            return counted;
        };
        let estimate = (u128::from(counted) << 64) / u128::from(below.max(1));
        u64::try_from(estimate).unwrap_or(u64::MAX).max(counted + 1)
    }

    /// The hashes in order, and the smallest that was left out.
    pub fn parts(&self) -> (impl Iterator<Item = u64> + Clone + '_, Option<u64>) {
        (self.smallest.iter().copied(), self.below)
    }

    pub fn of_parts(hashes: impl IntoIterator<Item = u64>, below: Option<u64>) -> Self {
        let mut tasks = Self {
            below,
            ..Self::default()
        };
        for task in hashes {
            tasks.add(task);
        }
        tasks
    }
}

#[cfg(test)]
mod tests {
    use super::{DistinctTasks, MAX_COUNTED};
    use crate::timeline::poll::hash;

    fn tasks(range: std::ops::Range<usize>) -> DistinctTasks {
        let hashes = range.map(|number| hash(&format!("asyntask_{number}")));
        DistinctTasks::of_parts(hashes, None)
    }

    #[test]
    fn counts_few_and_estimates_many() {
        assert_eq!(tasks(0..MAX_COUNTED).count(), MAX_COUNTED as u64);
        let many = tasks(0..3 * MAX_COUNTED).count();
        let all = 3 * MAX_COUNTED as u64;
        assert!(many.abs_diff(all) * 50 < all, "{many} of {all}");
    }

    #[test]
    fn merged_sets_equal_that_of_the_whole() {
        let parts = [
            tasks(0..MAX_COUNTED),
            tasks(10..2 * MAX_COUNTED),
            tasks(5..7),
        ];
        let whole = tasks(0..2 * MAX_COUNTED);
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
            let mut merged = DistinctTasks::default();
            for part in order.into_iter().chain(order) {
                merged.merge(&parts[part]);
            }
            assert_eq!(merged, whole);
        }
    }
}
