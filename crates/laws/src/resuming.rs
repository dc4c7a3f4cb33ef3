//! Laws about what an earlier process left of a download.

use std::{fs, io, path::Path};

use seedance_query::download::{DownloadError, resumable};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// Stands in a state for the hash of the bytes beside it, which no fuzzer can guess.
const HASH_OF_ALL: &str = "$HASH";

/// All laws about resuming.
pub fn laws(input: &[u8]) {
    thread_local! {
        static DIRECTORY: TempDir = in_memory().unwrap();
    }
    DIRECTORY.with(|directory| {
        only_what_is_vouched_for_is_kept(input, directory.path(), resumable);
    });
}

/// The first line is the state, as it stands beside the unfinished file; the rest is that file.
/// Bytes of it are kept only if the state has their number and their hash.
pub fn only_what_is_vouched_for_is_kept(
    input: &[u8],
    directory: &Path,
    resumable: impl Fn(&Path) -> Result<u64, DownloadError>,
) {
    let mut halves = input.splitn(2, |byte| *byte == b'\n');
    let (state, part) = (
        halves.next().unwrap_or_default(),
        halves.next().unwrap_or_default(),
    );
    let state = String::from_utf8_lossy(state).replace(HASH_OF_ALL, &hash(part));
    let target = directory.join("video.mp4");
    fs::write(directory.join("video.mp4.part"), part).unwrap();
    fs::write(directory.join("video.mp4.part.json"), &state).unwrap();
    let kept = resumable(&target).unwrap();
    let vouched_for = vouched_for(&state, part).unwrap_or_default();
    assert!(
        kept == 0 || kept == vouched_for,
        "{kept} of {vouched_for}: {state}"
    );
    let left = fs::read(directory.join("video.mp4.part")).unwrap();
    assert_eq!(left, part, "looking at a file changes nothing: {state}");
}

/// How many bytes of a file a state tells with their hash.
fn vouched_for(state: &str, part: &[u8]) -> Option<u64> {
    let state: Value = serde_json::from_str(state).ok()?;
    let synced = state["synced"].as_u64()?;
    let vouched_for = part.get(..usize::try_from(synced).ok()?)?;
    (state["synced_sha256"] == hash(vouched_for).as_str()).then_some(synced)
}

fn hash(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    hash.iter().fold(String::new(), |digits, byte| {
        digits + &format!("{byte:02x}")
    })
}

/// A directory that costs no writes to a disk, where there is one.
fn in_memory() -> io::Result<TempDir> {
    let shared_memory = Path::new("/dev/shm");
    TempDir::new_in(shared_memory).or_else(|_| TempDir::new())
}
