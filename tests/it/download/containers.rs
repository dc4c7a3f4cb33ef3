//! What is called whole: MP4 files that are cut, other formats, encoded bodies.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use seedance_testing::mp4::{self, Mp4};

use super::*;

/// A client whose gateway has the task, but not the video.
async fn hopeless(store: &str) -> (Client, Server) {
    let gateway = gateway(signed(store)).await;
    (client(&gateway.url), gateway)
}

/// How a store tells the length of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Length {
    /// The one that comes: the store's own file is cut.
    Own,
    /// The one of the whole file: the connection is cut.
    Whole,
    /// None, so that the end of the connection is the end of the body.
    None,
}

/// Downloads the first bytes of a file.
async fn cut(whole: &[u8], at: usize, length: Length) -> Result<Downloaded, DownloadError> {
    let (bytes, total) = (whole[..at].to_vec(), whole.len());
    let store = Server::start(move |_, _| {
        let announced = match length {
            Length::Own => format!("Content-Length: {}\r\n", bytes.len()),
            Length::Whole => format!("Content-Length: {total}\r\n"),
            Length::None => String::new(),
        };
        raw("200 OK", &announced, &bytes)
    })
    .await;
    let (client, _gateway) = hopeless(&store.url).await;
    let directory = TempDir::new().unwrap();
    let outcome = of_url(&client, &signed(&store.url), directory.path())
        .tries(1)
        .await;
    let target = directory.path().join(format!("{}.mp4", id()));
    assert_eq!(target.exists(), outcome.is_ok());
    outcome
}

#[tokio::test]
async fn a_file_that_is_cut_at_the_end_of_a_box_does_not_arrive() {
    let mut refused = 0;
    for Mp4 { name, bytes, boxes } in mp4::all() {
        for (kind, place) in &boxes {
            for length in [Length::Own, Length::Whole, Length::None] {
                let context = format!("{name} cut behind `{kind}` at {}, {length:?}", place.end);
                let outcome = cut(&bytes, place.end, length).await;
                let is_whole = place.end == bytes.len();
                // Fragments can end anywhere: only the announced length tells.
                let may_be_whole = name == "fragmented" && kind == "mdat";
                match outcome {
                    Ok(file) if is_whole => {
                        assert_eq!(file.verification, Verification::Container, "{context}");
                    }
                    Ok(file) => {
                        assert!(may_be_whole && length != Length::Whole, "{context}");
                        let expected = match length {
                            Length::Own => Verification::Length,
                            _ => Verification::Unverified,
                        };
                        assert_eq!(file.verification, expected, "{context}");
                    }
                    Err(error) => {
                        refused += 1;
                        assert!(!is_whole, "{context}: {error}");
                        assert_eq!(
                            error.is_not_a_video(),
                            length == Length::Own,
                            "{context}: {error}"
                        );
                    }
                }
            }
        }
    }
    assert!(refused >= 45, "{refused}");
}

#[tokio::test]
async fn a_file_that_is_cut_inside_a_box_does_not_arrive() {
    for Mp4 { name, bytes, boxes } in mp4::all() {
        for (kind, place) in boxes.iter().filter(|(_, place)| place.len() > 9) {
            for length in [Length::Own, Length::None] {
                let outcome = cut(&bytes, place.end - 1, length).await;
                assert!(outcome.is_err(), "{name} cut in `{kind}`, {length:?}");
            }
        }
    }
    let file_type = mp4::mp4_box(b"ftyp", &[0; 24]);
    for length in [Length::Own, Length::None] {
        let error = cut(&file_type, 32, length).await.unwrap_err();
        assert!(
            error.to_string().contains("no complete box `mdat`"),
            "{error}"
        );
    }
}

/// Files of formats that do not tell where they end.
fn others() -> [(&'static str, Vec<u8>); 3] {
    let webm = [
        &b"\x1a\x45\xdf\xa3\x01\0\0\0\0\0\0\x1f"[..],
        &mp4::media(5000),
    ]
    .concat();
    let mut stream = mp4::media(188 * 20);
    for packet in stream.chunks_mut(188) {
        packet[0] = 0x47;
    }
    let start = 8 + 8;
    let quicktime = [
        mp4::mp4_box(b"wide", &[]),
        mp4::mp4_box(b"mdat", &mp4::media(4000)),
        mp4::movie(&[start], false),
    ];
    [
        ("WebM", webm),
        ("MPEG-TS", stream),
        ("QuickTime", quicktime.concat()),
    ]
}

#[tokio::test]
async fn other_formats_need_an_announced_length() {
    for (name, bytes) in others() {
        let file = cut(&bytes, bytes.len(), Length::Own).await.unwrap();
        assert_eq!(file.verification, Verification::Length, "{name}");
        assert_eq!(file.sha256, sha256(&bytes), "{name}");
        let error = cut(&bytes, bytes.len() - 1, Length::Whole)
            .await
            .unwrap_err();
        assert!(error.is_interrupted(), "{name}: {error}");
        let file = cut(&bytes, bytes.len(), Length::None).await.unwrap();
        assert_eq!(file.verification, Verification::Unverified, "{name}");
        assert!(!file.verification.is_verified());
    }
}

#[tokio::test]
async fn without_verification_anything_but_a_page_is_kept_as_unverified() {
    let whole = video(3000, 0);
    let flv = [&b"FLV\x01\x05\0\0\0\x09"[..], &mp4::media(2000)].concat();
    for (bytes, is_taken) in [
        (whole[..2000].to_vec(), true),
        (flv, true),
        (b"<html><title>Sign in</title></html>".to_vec(), false),
        (Vec::new(), false),
    ] {
        let served = bytes.clone();
        let store = Server::start(move |request, _| file(request, &served, TAG)).await;
        let (client, _gateway) = hopeless(&store.url).await;
        let directory = TempDir::new().unwrap();
        let prepare = || of_url(&client, &signed(&store.url), directory.path());
        let outcome = prepare().verify(false).await;
        assert_eq!(outcome.is_ok(), is_taken, "{outcome:?}");
        if let Ok(file) = outcome {
            assert_placed(&file, directory.path(), &bytes);
            assert_eq!(file.verification, Verification::Unverified);
        }
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn an_encoded_video_is_decoded() {
    let bytes = video(300_000, 0);
    for (encoding, body, cut) in [
        ("gzip", gzip(&bytes), None),
        ("x-gzip", gzip(&bytes), None),
        // The header is wrong.
        ("gzip", bytes.clone(), None),
        ("identity", bytes.clone(), None),
        // What came before the cut is compared, and not written twice.
        ("gzip", gzip(&bytes), Some(40_000)),
    ] {
        let count = AtomicUsize::new(0);
        let headers = format!("Content-Encoding: {encoding}\r\nETag: {TAG}\r\n");
        let store = Server::start(move |_, _| {
            let reply = response("200 OK", &headers, &body);
            match cut.filter(|_| count.fetch_add(1, Relaxed) == 0) {
                Some(cut) => reply.cut(cut, Step::Close),
                None => reply,
            }
        })
        .await;
        let directory = TempDir::new().unwrap();
        let downloaded = download(&store.url, directory.path()).await.unwrap();
        assert_placed(&downloaded, directory.path(), &bytes);
        assert_eq!(
            downloaded.verification,
            Verification::Container,
            "{encoding}"
        );
        assert!(
            store
                .requests()
                .iter()
                .all(|request| request.from().is_none())
        );
    }
}

#[tokio::test]
async fn an_encoding_that_cannot_be_undone_is_named() {
    let store =
        Server::start(|_, _| response("200 OK", "Content-Encoding: br\r\n", &[1; 5000])).await;
    let (client, _gateway) = hopeless(&store.url).await;
    let directory = TempDir::new().unwrap();
    let error = fail(of_url(&client, &signed(&store.url), directory.path())).await;
    assert!(error.is_not_a_video(), "{error}");
    assert!(
        error.to_string().contains("Content-Encoding `br`"),
        "{error}"
    );
}

#[tokio::test]
async fn a_body_that_unpacks_to_too_much_is_stopped() {
    let mut bomb = video(1000, 0);
    bomb.truncate(400);
    bomb.resize(50_000_000, 0);
    let body = gzip(&bomb);
    let store =
        Server::start(move |_, _| response("200 OK", "Content-Encoding: gzip\r\n", &body)).await;
    let directory = TempDir::new().unwrap();
    let error = fail(download(&store.url, directory.path()).max_bytes(1_000_000)).await;
    assert!(error.is_too_large(), "{error}");
    let kept = error
        .path()
        .map_or(0, |path| fs::metadata(path).unwrap().len());
    assert!(kept <= 1_000_000, "{kept}");
}
