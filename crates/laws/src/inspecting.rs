//! Laws about files that may be whole videos.

use seedance_query::download::{VideoFile, inspect_parts};

use super::mp4_oracle;

/// All laws about the inspection of a file.
pub fn laws(file: &[u8]) {
    let inspect = |parts: &[&[u8]]| inspect_parts(parts.iter().copied());
    parts_make_no_difference(file, inspect);
    is_whole_if_its_boxes_are(file, inspect);
}

/// However the bytes of a file come, the file is the same.
pub fn parts_make_no_difference(file: &[u8], inspect: impl Fn(&[&[u8]]) -> VideoFile) {
    let at_once = inspect(&[file]);
    assert_eq!(at_once.bytes, file.len() as u64);
    for size in [1, 7, 13] {
        let parts: Vec<&[u8]> = file.chunks(size).collect();
        assert_eq!(
            inspect(&parts),
            at_once,
            "in parts of {size}: {}",
            shown(file)
        );
    }
}

/// A file is called whole just if a reader that has all of it says so, too.
pub fn is_whole_if_its_boxes_are(file: &[u8], inspect: impl Fn(&[&[u8]]) -> VideoFile) {
    assert_eq!(
        inspect(&[file]).is_whole,
        mp4_oracle::is_whole(file),
        "{}",
        shown(file)
    );
}

fn shown(file: &[u8]) -> String {
    file.escape_ascii().to_string()
}
