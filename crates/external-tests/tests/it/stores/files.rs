//! A directory as an object store.

use std::fs;

use seedance_mock::Video;
use tempfile::TempDir;

use super::{command, gateway, ids, kept, of_kind, problem, run, transfers};

#[tokio::test(flavor = "multi_thread")]
async fn videos_go_to_a_directory_once() {
    for length in [100_000, 9_000_000] {
        let gateway = gateway().video_bytes(length).start().await.unwrap();
        let (scratch, target) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        let directory = target.path().join("a b/videos");
        let url = format!("file://{}", directory.display()).replace(' ', "%20");
        let ids = ids(2);
        let (code, _, err) = run(command(&gateway, &url, scratch.path(), &ids)).await;
        assert_eq!(code, 0, "{err}");
        let names = ids.iter().map(|id| format!("{id}.mp4"));
        assert_eq!(kept(&directory), names.collect(), "and nothing unfinished");
        for id in &ids {
            let stored = fs::read(directory.join(format!("{id}.mp4"))).unwrap();
            assert!(stored == gateway.video(id, Video::Result), "{id}");
        }

        // A lost ledger is made again from what is there.
        let begun = transfers(&gateway);
        let again = TempDir::new().unwrap();
        let (code, events, err) = run(command(&gateway, &url, again.path(), &ids)).await;
        assert_eq!((code, of_kind(&events, "arrived").len()), (0, 2), "{err}");
        assert_eq!(transfers(&gateway), begun);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_file_is_left_as_it_is() {
    for length in [100_000, 9_000_000] {
        let gateway = gateway().video_bytes(length).start().await.unwrap();
        let (scratch, target) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        let url = format!("file://{}", target.path().display());
        let ids = ids(1);
        let file = target.path().join(format!("{}.mp4", ids[0]));
        fs::write(&file, "no video").unwrap();
        let (code, events, err) = run(command(&gateway, &url, scratch.path(), &ids)).await;
        assert_eq!(code, 3, "{err}");
        assert!(problem(&events).contains("other content"), "{events:?}");
        assert_eq!(fs::read(&file).unwrap(), b"no video");
        assert_eq!(kept(target.path()).len(), 1, "nothing unfinished is left");
    }
}
