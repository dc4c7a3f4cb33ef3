//! MP4 files of every layout, small enough to be cut at each byte.

use std::ops::Range;

/// A file, and where its top-level boxes are.
#[derive(Clone, Debug)]
pub struct Mp4 {
    pub name: &'static str,
    pub bytes: Vec<u8>,
    pub boxes: Vec<(String, Range<usize>)>,
}

/// A box.
pub fn mp4_box(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len() + 8).unwrap();
    [&size.to_be_bytes()[..], kind, content].concat()
}

/// The same with a size of 64 bits.
pub fn long_box(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let size = content.len() as u64 + 16;
    [&[0, 0, 0, 1][..], kind, &size.to_be_bytes(), content].concat()
}

/// A file of these boxes.
pub fn file(name: &'static str, boxes: &[Vec<u8>]) -> Mp4 {
    let mut bytes = Vec::new();
    let mut places = Vec::new();
    for one in boxes {
        let start = bytes.len();
        bytes.extend_from_slice(one);
        let kind = String::from_utf8_lossy(&one[4..8]).into_owned();
        places.push((kind, start..bytes.len()));
    }
    Mp4 {
        name,
        bytes,
        boxes: places,
    }
}

/// Bytes that look like media.
pub fn media(length: usize) -> Vec<u8> {
    let byte = |at: usize| u8::try_from(((at * 7) ^ (at >> 8)) & 0xff).unwrap();
    (0..length).map(byte).collect()
}

/// A movie box whose sample tables refer to these offsets.
pub fn movie(offsets: &[u32], is_fragmented: bool) -> Vec<u8> {
    let mut table = vec![0; 4];
    table.extend(u32::try_from(offsets.len()).unwrap().to_be_bytes());
    table.extend(offsets.iter().flat_map(|offset| offset.to_be_bytes()));
    let samples = mp4_box(
        b"stbl",
        &[mp4_box(b"stsd", &[0; 8]), mp4_box(b"stco", &table)].concat(),
    );
    let information = mp4_box(b"minf", &[mp4_box(b"vmhd", &[0; 12]), samples].concat());
    let track_media = mp4_box(b"mdia", &[mp4_box(b"mdhd", &[0; 24]), information].concat());
    let track = mp4_box(b"trak", &[mp4_box(b"tkhd", &[0; 84]), track_media].concat());
    let mut content = [mp4_box(b"mvhd", &[0; 100]), track].concat();
    if is_fragmented {
        content.extend(mp4_box(b"mvex", &mp4_box(b"trex", &[0; 24])));
    }
    mp4_box(b"moov", &content)
}

fn file_type() -> Vec<u8> {
    mp4_box(b"ftyp", b"isom\0\0\x02\0isomiso2avc1mp41")
}

/// As ffmpeg writes it by default: the movie box comes last.
pub fn progressive() -> Mp4 {
    let media = mp4_box(b"mdat", &media(300));
    let parts = [file_type(), mp4_box(b"free", &[])];
    let start = u32::try_from(parts.concat().len() + 8).unwrap();
    let [file_type, free] = parts;
    let movie = movie(&[start, start + 100, start + 299], false);
    file("progressive", &[file_type, free, media, movie])
}

/// As ffmpeg writes it with `+faststart`: the movie box comes first.
pub fn faststart() -> Mp4 {
    let start = file_type().len() + movie(&[0, 0], false).len() + 8 + 8;
    let start = u32::try_from(start).unwrap();
    let movie = movie(&[start, start + 200], false);
    let media = mp4_box(b"mdat", &media(300));
    file(
        "faststart",
        &[file_type(), movie, mp4_box(b"free", &[]), media],
    )
}

/// With the media in two boxes, the second one with a size of 64 bits.
pub fn two_media_boxes() -> Mp4 {
    let first = mp4_box(b"mdat", &media(100));
    let start = file_type().len() + movie(&[0, 0], false).len() + 8;
    let second = start + 100 + 16;
    let offsets = [start, second].map(|offset| u32::try_from(offset).unwrap());
    let movie = movie(&offsets, false);
    let second = long_box(b"mdat", &media(150));
    file("two media boxes", &[file_type(), movie, first, second])
}

/// As ffmpeg writes it with `+frag_keyframe+empty_moov`: fragments, and an index that closes them.
pub fn fragmented() -> Mp4 {
    let mut boxes = vec![file_type(), movie(&[], true)];
    for number in 0..3_u8 {
        let header = mp4_box(b"mfhd", &[0, 0, 0, 0, 0, 0, 0, number]);
        boxes.push(mp4_box(b"moof", &header));
        boxes.push(mp4_box(b"mdat", &media(80)));
    }
    boxes.push(mp4_box(
        b"mfra",
        &mp4_box(b"mfro", &[0, 0, 0, 0, 0, 0, 0, 24]),
    ));
    file("fragmented", &boxes)
}

/// One of each layout.
pub fn all() -> [Mp4; 4] {
    [progressive(), faststart(), two_media_boxes(), fragmented()]
}
