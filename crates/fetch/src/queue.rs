//! The download queue, ordered by expiry.

use std::{
    cmp::Ordering,
    collections::BinaryHeap,
    time::{Duration, SystemTime},
};

use seedance_query::{
    download::{DownloadError, StagedVideo},
    model::{ResultUrl, TaskId},
};

use super::{error::FetchError, ledger::Claim, new_video::VideoOrigin, video_kind::VideoKind};

/// A video whose URL is known.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    pub claim: Claim,
    pub kind: VideoKind,
    pub url: ResultUrl,
    pub origin: VideoOrigin,
}

impl Wanted {
    /// A URL without a known expiry is assumed to last.
    fn rank(&self) -> (bool, Option<SystemTime>, VideoKind, &TaskId) {
        let at = self.url.expiry().map(|expiry| expiry.at);
        (at.is_none(), at, self.kind, &self.claim.task_id)
    }
}

impl Ord for Wanted {
    fn cmp(&self, other: &Self) -> Ordering {
        // A max-heap: the order is reversed, so that the nearest expiry comes first.
        other.rank().cmp(&self.rank())
    }
}

impl PartialOrd for Wanted {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// The result of a download.
pub(super) struct DownloadOutcome {
    pub wanted: Wanted,
    /// Which download of the same video in this run it was, counted from 1.
    pub tries: u32,
    pub took: Duration,
    pub outcome: Fetched,
}

/// How far a video has come.
pub(super) enum Fetched {
    /// It could not be downloaded.
    Failed(DownloadError),
    /// It is whole on disk, and has no name yet.
    Staged(StagedVideo),
    /// It is in the store, which the ledger has been told before; here is its file, if it was not there
    /// already.
    Stored(Option<StagedVideo>),
    /// The store does not take it, and why.
    NotStored(String),
    /// The ledger does not take it.
    NotNoted(FetchError),
}

/// Videos to download, the nearest expiry first.
pub(super) type Queue = BinaryHeap<Wanted>;

#[cfg(test)]
mod tests {
    use super::{Queue, Wanted};
    use crate::{VideoKind, ledger::Claim, new_video::VideoOrigin};
    use seedance_query::model::ResultUrl;

    #[test]
    fn the_nearest_expiry_comes_first() {
        let wanted = |id: &str, query: &str| Wanted {
            claim: Claim {
                task_id: id.parse().unwrap(),
                token: 0,
            },
            kind: VideoKind::Result,
            url: ResultUrl::new(Some(&format!("https://s.example/v.mp4{query}")), "", None),
            origin: VideoOrigin::default(),
        };
        let mut queue = Queue::from(vec![
            wanted("late", "?Expires=1780086552&Signature=s"),
            wanted("never", ""),
            wanted("first", "?Expires=1780086550&Signature=s"),
            wanted("second", "?Expires=1780086551&Signature=s"),
        ]);
        let mut order = Vec::new();
        while let Some(next) = queue.pop() {
            order.push(next.claim.task_id.to_string());
        }
        assert_eq!(order, ["first", "second", "late", "never"]);
    }
}
