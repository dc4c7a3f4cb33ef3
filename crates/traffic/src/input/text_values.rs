//! Responses in text: in the lines of a log, across lines, in code blocks.

use super::{
    chunk::Piece,
    decode::{Around, Reader},
    decoded::Decoded,
    json_text::{is_incomplete, is_json, without_mark},
    record::{Item, classify, is_started_response, json, line_facts},
    skip::Skip,
};
use seedance_query::model::Place;

/// Maximum number of starts of JSON values that are tried in a line, and in a text.
const MAX_IN_LINE: usize = 64;
const MAX_IN_TEXT: usize = 100_000;

impl Reader<'_> {
    /// The content of a code block: JSON, lines of it, or a log.
    pub(super) fn block(&mut self, bytes: &[u8]) {
        match classify(bytes, &self.context.places) {
            Item::Response if is_incomplete(bytes) || !is_json(bytes) => self.document(bytes),
            _ => self.json(bytes, 0, false, Around::default()),
        }
    }

    /// A line of text with JSON in it.
    pub(super) fn text(&mut self, line: &[u8]) {
        let found = self.values(line, MAX_IN_LINE, false);
        if !found {
            self.emit(Decoded::skipped(Skip::NotAResponse));
        }
    }

    /// A text with JSON that spans lines.
    pub(super) fn document(&mut self, text: &[u8]) {
        if !self.values(text, MAX_IN_TEXT, true) {
            self.emit(Decoded::skipped(Skip::NotAResponse));
        }
    }

    /// The responses in a text; whether there are any.
    fn values(&mut self, text: &[u8], attempts: usize, is_document: bool) -> bool {
        let (mut is_found, mut before, mut count) = (false, 0, 0);
        let values = json(text, attempts);
        for (index, value) in values.iter().enumerate() {
            let json = &text[value.range.clone()];
            let (place, line) = if is_document && values.len() > 1 {
                (
                    Place::Item(count + 1),
                    self.line_at(text, value.range.start),
                )
            } else if is_document {
                (self.piece.place, self.line_at(text, value.range.start))
            } else {
                (self.piece.place, self.piece.line)
            };
            if value.is_cut_off() {
                if is_started_response(json) && self.context.places.body.is_none() {
                    is_found = true;
                    count += 1;
                    let cut = Decoded::Unreadable(format!(
                        "the recorder cut this body off after {} bytes; the response itself may be sound",
                        without_mark(json).len()
                    ));
                    (self.each)(place, line, cut);
                }
                continue;
            }
            let is_response = match classify(json, &self.context.places) {
                Item::Response => json.starts_with(b"{") && json.len() > 2,
                Item::Embedded(_) => true,
                Item::Foreign(_) => false,
            };
            if !is_response {
                continue;
            }
            is_found = true;
            count += 1;
            let next = values
                .get(index + 1)
                .map_or(text.len(), |next| next.range.start);
            let words = (
                &text[before..value.range.start],
                &text[value.range.end..next],
            );
            before = value.range.end;
            let facts = line_facts(words.0, words.1);
            let around = Around {
                status: facts.status,
                time: facts.time,
                target: facts.target,
            };
            let piece = Piece {
                range: self.piece.range.clone(),
                place,
                line,
                status: None,
                time: None,
                is_unfinished: false,
            };
            let mut reader = Reader {
                piece: &piece,
                context: self.context,
                each: &mut *self.each,
            };
            reader.json(json, value.range.start, false, around);
        }
        is_found
    }

    /// The line of a place in a text that spans lines.
    fn line_at(&self, text: &[u8], at: usize) -> u64 {
        self.piece.line + memchr::memchr_iter(b'\n', &text[..at]).count() as u64
    }
}
