//! Bodies that may have to be shown.

use std::{
    ops::Range,
    sync::atomic::{AtomicUsize, Ordering},
};

use crate::{limits::MAX_KEPT_BODIES, report::MAX_SHOWN_BODY};

/// A body until its response is reported.
#[derive(Debug)]
pub(crate) enum Kept {
    /// These bytes of the chunk.
    Within(Range<usize>),
    /// A decoded copy.
    Apart(KeptCopy),
}

/// A copy of a body, as long as there is room for it; without it, there is no excerpt.
#[derive(Debug)]
pub(crate) struct KeptCopy(Vec<u8>);

static USED: AtomicUsize = AtomicUsize::new(0);

impl Kept {
    /// Keeps a copy, if it can be shown at all and all cores together do not hold too much.
    pub fn copy(body: &[u8]) -> Self {
        let is_kept = body.len() <= MAX_SHOWN_BODY && reserve(body.len());
        let copy = if is_kept { body.to_vec() } else { Vec::new() };
        Self::Apart(KeptCopy(copy))
    }

    /// Nothing, where no excerpt can be needed.
    pub fn nothing() -> Self {
        Self::Apart(KeptCopy(Vec::new()))
    }

    pub fn bytes<'a>(&'a self, read: &'a [u8]) -> &'a [u8] {
        match self {
            Self::Within(range) => read.get(range.clone()).unwrap_or_default(),
            Self::Apart(KeptCopy(bytes)) => bytes,
        }
    }
}

fn reserve(bytes: usize) -> bool {
    let room = |used: usize| {
        used.checked_add(bytes)
            .filter(|used| *used <= MAX_KEPT_BODIES)
    };
    USED.fetch_update(Ordering::Relaxed, Ordering::Relaxed, room)
        .is_ok()
}

impl Drop for KeptCopy {
    fn drop(&mut self) {
        USED.fetch_sub(self.0.len(), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::{Kept, MAX_KEPT_BODIES, MAX_SHOWN_BODY};

    #[test]
    fn no_more_is_kept_than_there_is_room_for() {
        let body = vec![b'x'; MAX_SHOWN_BODY];
        let kept: Vec<Kept> = (0..2 * MAX_KEPT_BODIES / MAX_SHOWN_BODY)
            .map(|_| Kept::copy(&body))
            .collect();
        let bytes: usize = kept.iter().map(|kept| kept.bytes(&[]).len()).sum();
        // Other tests keep bodies, too.
        assert!(
            (MAX_SHOWN_BODY..=MAX_KEPT_BODIES).contains(&bytes),
            "{bytes}"
        );
        drop(kept);
        assert_eq!(Kept::copy(b"{}").bytes(&[]), b"{}");
        let too_long = vec![b'x'; MAX_SHOWN_BODY + 1];
        assert!(Kept::copy(&too_long).bytes(&[]).is_empty());
    }
}
