//! The items of a text with their places.

use std::ops::Range;

use super::{chunk::Piece, record::status_line, splitter::Splitter};
use seedance_query::model::Place;

/// What was read before some items.
pub(super) struct Before<'a> {
    /// The line in which the text starts.
    pub line: u64,
    /// The number of items; those that are found are added.
    pub count: &'a mut u64,
    /// Whether HTTP statuses stand between the items.
    pub has_statuses: &'a mut bool,
}

/// The items that were found in a text; empty lines are left out.
pub(super) fn pieces(
    text: &[u8],
    found: &[Range<usize>],
    splitter: &Splitter,
    before: Before<'_>,
) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::with_capacity(found.len());
    let Before {
        mut line,
        count,
        has_statuses,
    } = before;
    let mut counted = 0;
    for range in found {
        if matches!(splitter, Splitter::Lines(_)) {
            line += u64::from(range.start > 0);
        } else {
            line += newlines(&text[counted..range.start]);
            counted = range.start;
        }
        if matches!(splitter, Splitter::Lines(_) | Splitter::Rows(_))
            && text[range.clone()].trim_ascii().is_empty()
        {
            continue;
        }
        // What `curl -w '%{http_code}'` prints after a body.
        if matches!(splitter, Splitter::Lines(_) | Splitter::Values(_))
            && let Some(status) = status_line(&text[range.clone()])
            && let Some(body) = pieces.last_mut().filter(|body| body.status.is_none())
        {
            body.status = Some(status);
            *has_statuses = true;
            continue;
        }
        *count += 1;
        let place = match splitter {
            Splitter::Whole(_) if found.len() == 1 => Place::Whole,
            Splitter::Lines(_) | Splitter::Rows(_) => Place::Line(line),
            _ => Place::Item(*count),
        };
        pieces.push(Piece {
            range: range.clone(),
            place,
            line,
            status: None,
            time: None,
            is_unfinished: false,
        });
    }
    pieces
}

pub(super) fn newlines(text: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', text).count() as u64
}
