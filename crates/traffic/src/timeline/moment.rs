//! What tells when a poll was made.

use std::cmp::Ordering;

/// What the recording and the body tell about the time of a poll, in Unix seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Moment {
    /// When the response was received.
    pub recorded: Option<i64>,
    /// When the task last changed, according to the response: not later than the poll.
    pub updated: Option<i64>,
}

impl Moment {
    /// Which of two polls was made first, if that can be told.
    pub fn order(self, other: Self) -> Option<Ordering> {
        let is_after = |updated: Option<i64>, recorded: Option<i64>| {
            updated
                .zip(recorded)
                .is_some_and(|(updated, recorded)| updated > recorded)
        };
        if let Some((own, others)) = self.recorded.zip(other.recorded)
            && own != others
        {
            return Some(own.cmp(&others));
        }
        if let Some((own, others)) = self.updated.zip(other.updated) {
            return Some(own.cmp(&others)).filter(|order| order.is_ne());
        }
        // A response cannot tell of a change that came after it.
        if is_after(self.updated, other.recorded) {
            Some(Ordering::Greater)
        } else if is_after(other.updated, self.recorded) {
            Some(Ordering::Less)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cmp::Ordering;

    use super::Moment;

    #[test]
    fn the_recording_comes_before_the_body_and_neither_proves_more_than_it_tells() {
        let moment = |recorded, updated| Moment { recorded, updated };
        for (one, other, order) in [
            ((Some(1), None), (Some(2), None), Some(Ordering::Less)),
            ((Some(1), Some(9)), (Some(2), Some(3)), Some(Ordering::Less)),
            (
                (Some(1), Some(1)),
                (Some(1), Some(0)),
                Some(Ordering::Greater),
            ),
            ((None, Some(1)), (None, Some(2)), Some(Ordering::Less)),
            ((Some(5), Some(1)), (None, Some(2)), Some(Ordering::Less)),
            ((None, Some(6)), (Some(5), None), Some(Ordering::Greater)),
            ((None, Some(4)), (Some(5), None), None),
            ((None, Some(1)), (None, Some(1)), None),
            ((Some(1), None), (None, None), None),
            ((None, None), (None, None), None),
        ] {
            let (one, other) = (moment(one.0, one.1), moment(other.0, other.1));
            assert_eq!(one.order(other), order, "{one:?} {other:?}");
            assert_eq!(other.order(one), order.map(Ordering::reverse));
        }
    }
}
