//! Whole MP4 files, and the same files cut at every byte.

use seedance_testing::mp4::{Mp4, all, file, fragmented, media, movie, mp4_box};

use super::{
    mp4::BoxScanner,
    mp4_verdict::{Incomplete, Proof},
};

/// What is said of a file that comes in pieces of this length.
fn scan(bytes: &[u8], piece: usize) -> Result<Proof, Incomplete> {
    let mut scanner = BoxScanner::new();
    for piece in bytes.chunks(piece) {
        scanner.feed(piece);
    }
    scanner.finish()
}

#[test]
fn whole_files_of_every_layout_are_whole_in_pieces_of_any_length() {
    for Mp4 { name, bytes, .. } in all() {
        for piece in [1, 2, 3, 7, 8, 64, bytes.len()] {
            assert_eq!(scan(&bytes, piece), Ok(Proof::Boxes), "{name} {piece}");
        }
    }
}

#[test]
fn no_cut_of_any_layout_is_called_whole() {
    let (mut at_ends, mut inside) = (0, 0);
    for Mp4 { name, bytes, boxes } in all() {
        for cut in 0..bytes.len() {
            let judged = scan(&bytes[..cut], 64);
            let is_end = boxes.iter().any(|(_, place)| place.end == cut);
            at_ends += usize::from(is_end);
            inside += usize::from(!is_end);
            assert_ne!(judged, Ok(Proof::Boxes), "{name} cut at {cut}");
            // Only fragments can end anywhere, and nobody can tell.
            if name == "fragmented" {
                continue;
            }
            assert!(judged.is_err(), "{name} cut at {cut}: {judged:?}");
        }
    }
    assert!(at_ends >= 17 && inside > 2000, "{at_ends} {inside}");
}

#[test]
fn fragments_need_their_media_and_an_index_that_closes_them() {
    let whole = fragmented();
    for (kind, place) in &whole.boxes {
        let judged = scan(&whole.bytes[..place.end], 64);
        match kind.as_str() {
            "mfra" => assert_eq!(judged, Ok(Proof::Boxes)),
            "mdat" => assert_eq!(judged, Ok(Proof::OpenEnd)),
            _ => assert_eq!(judged, Err(Incomplete::Missing("mdat")), "{kind}"),
        }
    }
}

#[test]
fn what_is_missing_is_said() {
    let ftyp = || mp4_box(b"ftyp", b"isom\0\0\0\0");
    let mdat = || mp4_box(b"mdat", &media(10));
    for (boxes, expected) in [
        (vec![ftyp()], Err(Incomplete::Missing("mdat"))),
        (vec![ftyp(), mdat()], Err(Incomplete::Missing("moov"))),
        (
            vec![ftyp(), movie(&[24], false)],
            Err(Incomplete::Missing("mdat")),
        ),
        // A media box without media.
        (
            vec![ftyp(), movie(&[], false), mp4_box(b"mdat", &[])],
            Err(Incomplete::Missing("mdat")),
        ),
        (
            vec![ftyp(), mdat(), movie(&[24, 4_000_000], false)],
            Err(Incomplete::SamplesBeyondEnd { offset: 4_000_000 }),
        ),
        (vec![ftyp(), mdat(), movie(&[24], false)], Ok(Proof::Boxes)),
        // Up to the end of the file, wherever that is.
        (
            vec![ftyp(), movie(&[24], false), b"\0\0\0\0mdatxxxx".to_vec()],
            Ok(Proof::OpenEnd),
        ),
        (
            vec![
                ftyp(),
                movie(&[24], false),
                b"\0\0\0\x01mdat\xff\xff\xff\xff\xff\xff\xff\xff".to_vec(),
            ],
            Err(Incomplete::CutBox {
                kind: *b"mdat",
                at: [ftyp(), movie(&[24], false)].concat().len() as u64,
                end: u64::MAX - 1,
            }),
        ),
        // Padding, and sizes that no box has.
        (
            vec![ftyp(), mdat(), movie(&[24], false), vec![0; 10]],
            Ok(Proof::Boxes),
        ),
        (
            vec![
                ftyp(),
                mdat(),
                movie(&[24], false),
                b"\0\0\0\x07free".to_vec(),
            ],
            Ok(Proof::Boxes),
        ),
        (
            vec![
                ftyp(),
                mdat(),
                movie(&[24], false),
                b"\xff\x01\x02\x03\x04\x05\x06\x07".to_vec(),
            ],
            Ok(Proof::Boxes),
        ),
    ] {
        let bytes = file("", &boxes).bytes;
        assert_eq!(scan(&bytes, 5), expected, "{boxes:?}");
    }
}

#[test]
fn a_box_that_reaches_beyond_the_end_is_named() {
    let cut = |rest: &[u8]| scan(&[b"\0\0\0\x0cftypisom", rest].concat(), 3);
    for (rest, kind, at, end) in [
        (&b"\0\0\0\x0amdatx"[..], b"mdat", 12, 22),
        (
            b"\0\0\0\x08free\xff\xff\xff\xffmdat",
            b"mdat",
            20,
            20 + 0xffff_ffff,
        ),
        (b"\0\0\0\x01mdat\0\0\0\0\0\0\0\x12x", b"mdat", 12, 30),
        (b"\0\0\0\x01mdat\0\0\0", b"mdat", 12, 28),
        (b"\0\0\0\x20moov\0\0\0\x08trak", b"moov", 12, 44),
    ] {
        let kind = *kind;
        assert_eq!(
            cut(rest),
            Err(Incomplete::CutBox { kind, at, end }),
            "{rest:?}"
        );
    }
}

#[test]
fn hundreds_of_thousands_of_boxes_take_no_memory() {
    let mut scanner = BoxScanner::new();
    scanner.feed(&mp4_box(b"ftyp", b"isom\0\0\0\0"));
    let tiny = b"\0\0\0\x08free".repeat(1000);
    for _ in 0..400 {
        scanner.feed(&tiny);
    }
    assert_eq!(scanner.finish(), Err(Incomplete::Missing("mdat")));
}
