//! Compares the objects of a batch with its ledger.

use std::path::Path;

use super::{
    blocking::blocking,
    error::FetchError,
    ledger::VideoRow,
    store_url::StoreUrl,
    verify::{FileState, VerifiedFile, arrived, compare, state},
    video_store::VideoStore,
};

/// Reads every video that has arrived in a place of an object store to its end, and compares it with the
/// ledger of a directory; reports each one. Nothing is changed or queried. It needs the feature
/// `object-store`.
///
/// # Errors
///
/// If the store cannot be used, the directory has no ledger, or it cannot be read, or a run holds the
/// directory.
pub async fn verify_in_store(
    directory: &Path,
    store: &StoreUrl,
    mut on_file: impl FnMut(&VerifiedFile),
) -> Result<(), FetchError> {
    let here = directory.to_owned();
    let (_lock, videos) = blocking(move || arrived(&here)).await?;
    let store = VideoStore::open(store).await?;
    for video in videos {
        on_file(&compared(directory, &store, video).await);
    }
    Ok(())
}

async fn compared(directory: &Path, store: &VideoStore, video: VideoRow) -> VerifiedFile {
    let Some(name) = store.name_of(&video) else {
        return compare(directory, video);
    };
    let state = match store.read(name).await {
        Ok(Some(found)) => state(&video, found.bytes, found.sha256),
        Ok(None) => FileState::Missing,
        Err(problem) => FileState::Unreadable { problem },
    };
    VerifiedFile {
        task_id: video.task_id,
        kind: video.kind,
        file: video.file.unwrap_or_default(),
        state,
    }
}
