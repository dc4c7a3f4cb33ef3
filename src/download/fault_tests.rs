//! Every operation on files fails once, and the power is cut at each: nothing is lost, and nothing
//! is called whole that is not.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use futures_util::future::join_all;
use seedance_testing::{
    http_server::{Server, Step},
    mp4::{file as mp4_file, media, movie, mp4_box},
    replies::file,
};

use super::{
    download::Download,
    error::DownloadError,
    outcome::Downloaded,
    simulated_disk::{DiskFault, SimulatedDisk, Unsynced},
};
use crate::{client::Client, model::ResultUrl};

fn video(seed: u8) -> Vec<u8> {
    let file_type = mp4_box(b"ftyp", b"isom\0\0\0\0");
    let start = u32::try_from(file_type.len() + movie(&[0], false).len() + 8).unwrap();
    let mut media = media(40_000);
    media[20_000] ^= seed;
    let boxes = [file_type, movie(&[start], false), mp4_box(b"mdat", &media)];
    mp4_file("", &boxes).bytes
}

/// A store that breaks off each second transfer, and has a new version of the video in the end.
async fn store(has_new_version: bool) -> Server {
    let count = AtomicUsize::new(0);
    Server::start(move |request, _| {
        let number = count.fetch_add(1, Relaxed);
        let reply = if has_new_version && number > 0 {
            file(request, &video(1), "\"new\"")
        } else {
            file(request, &video(0), "\"old\"")
        };
        match number {
            0 => reply.cut(15_000, Step::Close),
            _ => reply,
        }
    })
    .await
}

fn prepare(disk: &SimulatedDisk, store: &Server) -> Download {
    let builder = Client::builder().base_url("http://127.0.0.1:9");
    let client = builder.api_key("sk-test-0123456789abcdef").build().unwrap();
    let url = ResultUrl::new(Some(&store.url), client.base_url(), None);
    let mut download = client.download(&"t".parse().unwrap(), url);
    download.0.storage = Arc::new(disk.clone());
    download.into_dir("d").file_name("v.mp4")
}

async fn run(disk: &SimulatedDisk, store: &Server) -> Result<Downloaded, DownloadError> {
    prepare(disk, store).await
}

fn target() -> &'static Path {
    Path::new("d/v.mp4")
}

/// What has the name of the video is a whole video.
fn assert_sound(disk: &SimulatedDisk, context: &str) -> bool {
    let Some(found) = disk.content(target()) else {
        return false;
    };
    assert!(found == video(0) || found == video(1), "{context}");
    true
}

/// Runs with each operation as the one with the fault, and says how many there were.
async fn at_each_operation(fault: fn(usize) -> DiskFault, has_new_version: bool) -> usize {
    for number in 0.. {
        let store = store(has_new_version).await;
        let disk = SimulatedDisk::with(Some(fault(number)));
        let outcome = run(&disk, &store).await;
        let context = format!(
            "{:?}, new version: {has_new_version}: {outcome:?}",
            fault(number)
        );
        // It is there if and only if that was said: what fails after the file has its name is no
        // failure.
        assert_eq!(outcome.is_ok(), assert_sound(&disk, &context), "{context}");
        if !disk.was_hit() {
            assert!(outcome.is_ok(), "{context}");
            return number;
        }
        let again = [Unsynced::Lost, Unsynced::Zeroed, Unsynced::Kept]
            .into_iter()
            .flat_map(|unsynced| [(unsynced, false), (unsynced, true)])
            .map(|(unsynced, are_names_kept)| {
                let (store, context) = (&store, &context);
                let is_done = outcome.is_ok();
                let disk = &disk;
                async move {
                    let context = format!("{context} {unsynced:?} {are_names_kept}");
                    // Without a power cut, the disk is as it was.
                    let disk = match fault(0) {
                        DiskFault::PowerCut(_) => disk.restarted(unsynced, are_names_kept),
                        DiskFault::Fail(_) => disk.restarted(Unsynced::Kept, true),
                    };
                    if assert_sound(&disk, &context) {
                        return;
                    }
                    assert!(
                        !is_done || matches!(fault(0), DiskFault::PowerCut(_)),
                        "{context}"
                    );
                    run(&disk, store)
                        .await
                        .unwrap_or_else(|error| panic!("{context}: {error}"));
                    assert!(assert_sound(&disk, &context), "{context}");
                    // What is said to be there outlasts a power cut.
                    let disk = disk.restarted(Unsynced::Lost, false);
                    assert!(assert_sound(&disk, &context), "{context}");
                }
            });
        join_all(again).await;
    }
    unreachable!("some number is beyond the last operation")
}

#[tokio::test]
async fn each_operation_fails_once() {
    for has_new_version in [false, true] {
        let operations = at_each_operation(DiskFault::Fail, has_new_version).await;
        assert!(operations >= 20, "{operations}");
    }
}

#[tokio::test]
async fn the_power_is_cut_at_each_operation() {
    for has_new_version in [false, true] {
        let operations = at_each_operation(DiskFault::PowerCut, has_new_version).await;
        assert!(operations >= 20, "{operations}");
    }
}
