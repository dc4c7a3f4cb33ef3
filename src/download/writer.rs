//! The thread that brings the bytes of a response to the file.

use std::{
    io,
    sync::{Mutex, PoisonError},
    thread,
    time::{Duration, Instant},
};

use bytes::Bytes;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use super::{partial_file::SharedPart, resume_state::ResumeState};
use crate::model::hash::hex;

/// What was written is synced after so many bytes, or after this time.
const SYNC_BYTES: usize = 8 << 20;
const MAX_SYNC_INTERVAL: Duration = Duration::from_secs(5);
/// The first interval is short, so that even a process that is killed soon makes progress; each one
/// after it is twice as long.
const FIRST_SYNC_INTERVAL: Duration = Duration::from_millis(100);

/// How the bytes of a response go into the file.
pub(super) enum Placement {
    /// After what is there.
    Append,
    /// The response begins with what is there already: that is compared, and the rest appended
    /// with this state.
    Compare(ResumeState),
}

/// What became of the bytes of a response.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Written {
    All,
    /// They begin with other bytes than the file; nothing was written.
    OtherFile,
}

/// Writes all chunks. At the end, also after an error, what was written is synced.
pub(super) fn write(
    part: &SharedPart,
    placement: Placement,
    chunks: mpsc::Receiver<Bytes>,
) -> io::Result<Written> {
    let sync_error = Mutex::new(None);
    let fail = &|error| *sync_error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    let written = thread::scope(|scope| {
        let (due, dues) = std::sync::mpsc::sync_channel(1);
        // Meanwhile, so that little is left for the end; without a thread for it, that takes longer.
        let syncing = move || {
            while dues.recv().is_ok() {
                if let Err(error) = part.checkpoint() {
                    return fail(error);
                }
            }
        };
        let _ = thread::Builder::new().spawn_scoped(scope, syncing);
        append_all(part, placement, chunks, &due)
    });
    // After a failed sync, the system may take lost bytes for synced ones.
    if let Some(error) = sync_error
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner)
    {
        return Err(error);
    }
    let synced = part.checkpoint();
    let written = written?;
    synced?;
    Ok(written)
}

fn append_all(
    part: &SharedPart,
    placement: Placement,
    mut chunks: mpsc::Receiver<Bytes>,
    due: &std::sync::mpsc::SyncSender<()>,
) -> io::Result<Written> {
    let mut comparison = match placement {
        Placement::Append => None,
        Placement::Compare(state) => Some(Comparison::new(part, state)),
    };
    let mut unsynced = 0;
    let mut sync_interval = FIRST_SYNC_INTERVAL;
    let mut last_sync = Instant::now();
    while let Some(mut chunk) = chunks.blocking_recv() {
        if let Some(running) = &mut comparison {
            match running.take(&mut chunk) {
                None => continue,
                Some(false) => return Ok(Written::OtherFile),
                Some(true) => {
                    if let Some(Comparison { state, .. }) = comparison.take() {
                        part.lock().proceed(state)?;
                    }
                }
            }
        }
        part.lock().append(&chunk)?;
        unsynced += chunk.len();
        if unsynced >= SYNC_BYTES || last_sync.elapsed() >= sync_interval {
            unsynced = 0;
            sync_interval = (sync_interval * 2).min(MAX_SYNC_INTERVAL);
            last_sync = Instant::now();
            // If the last one is not done yet, the next one does this, too.
            let _ = due.try_send(());
        }
    }
    Ok(Written::All)
}

/// Compares the beginning of a response with what the file has.
struct Comparison {
    state: ResumeState,
    expected: String,
    left: u64,
    sha256: Sha256,
}

impl Comparison {
    fn new(part: &SharedPart, state: ResumeState) -> Self {
        let part = part.lock();
        Self {
            state,
            expected: part.inspection().sha256(),
            left: part.length(),
            sha256: Sha256::new(),
        }
    }

    /// Takes from a chunk what is to be compared; the answer, once all has come.
    fn take(&mut self, chunk: &mut Bytes) -> Option<bool> {
        let compared = usize::try_from(self.left).map_or(chunk.len(), |left| left.min(chunk.len()));
        let compared = chunk.split_to(compared);
        self.sha256.update(&compared);
        self.left -= compared.len() as u64;
        (self.left == 0).then(|| hex(&self.sha256.clone().finalize()) == self.expected)
    }
}
