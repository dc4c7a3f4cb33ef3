//! Whether an MP4 file is whole, read from all of its bytes at once.
//!
//! It says the same as the library's scanner, which sees the bytes as they come and keeps none.

/// Boxes that hold the sample tables, from the outermost to the innermost.
const PATH: [&[u8; 4]; 5] = [b"moov", b"trak", b"mdia", b"minf", b"stbl"];

/// A box within the bytes of its container.
struct Box4<'a> {
    kind: [u8; 4],
    content: &'a [u8],
    /// Behind it; beyond the end if it is cut off.
    end: usize,
    is_open_ended: bool,
    is_cut: bool,
}

/// Whether every box is complete, there are movie and media, and the samples are within the file.
#[must_use]
pub fn is_whole(file: &[u8]) -> bool {
    if !begins_like_one(file) {
        return false;
    }
    let (mut has_movie, mut has_media, mut is_fragmented, mut lacks_media) =
        (false, false, false, false);
    let mut last_sample = None;
    let mut at = 0;
    while let Some(found) = next_box(file, at, None) {
        let Ok(found) = found else {
            return false;
        };
        if found.is_cut {
            return false;
        }
        match &found.kind {
            b"moov" => {
                has_movie |= !found.is_open_ended;
                if !found.is_open_ended {
                    samples(found.content, 0, &mut last_sample);
                }
            }
            b"mdat" if !found.content.is_empty() => {
                has_media = true;
                lacks_media = false;
            }
            b"moof" if !found.is_open_ended => {
                is_fragmented = true;
                lacks_media = true;
            }
            _ => {}
        }
        at = found.end;
    }
    let is_inside = last_sample.is_none_or(|offset| offset < file.len() as u64);
    has_media && !lacks_media && (has_movie || is_fragmented) && is_inside
}

fn begins_like_one(file: &[u8]) -> bool {
    let Some((size, rest)) = file.split_first_chunk::<4>() else {
        return false;
    };
    let size = u32::from_be_bytes(*size);
    match rest.first_chunk::<4>() {
        Some(b"ftyp" | b"styp") => size >= 8,
        Some(b"moov" | b"mdat" | b"wide" | b"free" | b"skip" | b"pnot") => size == 1 || size >= 8,
        _ => false,
    }
}

/// The box at an offset; none where there is only padding, an error if its head is cut off. Within
/// another box, it must not reach beyond that one.
fn next_box(bytes: &[u8], at: usize, limit: Option<usize>) -> Option<Result<Box4<'_>, ()>> {
    let rest = bytes.get(at..)?;
    let size = u32::from_be_bytes(*rest.first_chunk()?);
    let kind: [u8; 4] = *rest[4..].first_chunk()?;
    let is_type = kind.iter().all(|byte| matches!(byte, 0x20..=0x7e | 0xa9));
    let (head, size) = match size {
        0 => (8, (bytes.len() - at) as u64),
        1 => match rest[8..].first_chunk() {
            Some(long) => (16, u64::from_be_bytes(*long)),
            None => return limit.is_none().then_some(Err(())),
        },
        size => (8, u64::from(size)),
    };
    if !is_type || size < head {
        return None;
    }
    let end = (at as u64).saturating_add(size);
    let is_cut = end > bytes.len() as u64;
    let until = usize::try_from(end).map_or(bytes.len(), |end| end.min(bytes.len()));
    let content = usize::try_from(head)
        .ok()
        .and_then(|head| bytes.get(at + head..until));
    Some(Ok(Box4 {
        kind,
        content: content.unwrap_or_default(),
        end: until,
        is_open_ended: rest.starts_with(&[0; 4]) && limit.is_none(),
        is_cut,
    }))
}

/// Looks for the greatest offset in the sample tables.
fn samples(container: &[u8], depth: usize, last: &mut Option<u64>) {
    let mut at = 0;
    while let Some(Ok(found)) = next_box(container, at, Some(container.len())) {
        // Nothing behind it can be trusted.
        if found.is_cut {
            return;
        }
        let is_table = matches!(&found.kind, b"stco" | b"co64");
        if PATH.get(depth + 1).is_some_and(|next| **next == found.kind) {
            samples(found.content, depth + 1, last);
        } else if depth + 1 == PATH.len() && is_table {
            let width = if &found.kind == b"stco" { 4 } else { 8 };
            let table = found.content.get(8..).unwrap_or_default();
            for entry in table.chunks_exact(width) {
                let offset = entry
                    .iter()
                    .fold(0, |sum, byte| (sum << 8) | u64::from(*byte));
                *last = (*last).max(Some(offset));
            }
        }
        at = found.end;
    }
}
