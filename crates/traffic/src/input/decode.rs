//! Items of an input to exchanges.

use super::{
    chunk::{Chunk, Piece},
    classify::{Item, classify},
    decoded::Decoded,
    embedded::Body,
    exchange::Exchange,
    format::Format,
    har::{self, Outcome},
    http_exchange, http_messages,
    skip::Skip,
    text_line,
};
use seedance_query::{capture::Capture, model::Place};

/// Calls back for each item of a chunk, with its place and the line in which its body starts, and for
/// the error after them.
pub(crate) fn decode(chunk: &Chunk, mut each: impl FnMut(Place, u64, Decoded<'_>)) {
    for piece in &chunk.pieces {
        let (place, line) = (piece.place, piece.line);
        let bytes = &chunk.bytes[piece.range.clone()];
        match chunk.format {
            Format::Body | Format::Lines | Format::Bodies(_) => {
                let is_input = chunk.format == Format::Body;
                json(piece, bytes, 0, is_input, &mut each);
            }
            Format::CodeBlocks if !Capture::is_like(bytes) => {
                json(piece, bytes, 0, false, &mut each);
            }
            Format::Text => text(piece, bytes, &mut each),
            Format::Archive => archive_entry(bytes, |decoded| each(place, line, decoded)),
            Format::Messages | Format::CodeBlocks => {
                let start = piece.range.start;
                http_exchange::read(bytes, |lines, decoded| {
                    each(place, line + lines, decoded.shifted(start));
                });
            }
            Format::Verbose => {
                let text = http_messages::from_verbose(bytes);
                for (index, message) in http_messages::split(&text).into_iter().enumerate() {
                    let place = Place::Item(index as u64 + 1);
                    http_exchange::read(&text[message], |_, decoded| {
                        each(place, line, decoded.apart());
                    });
                }
            }
        }
    }
    if let Some(error) = &chunk.error {
        let message = error.message.clone();
        let decoded = if error.is_refusal {
            Decoded::Refused(message)
        } else {
            Decoded::Unreadable(message)
        };
        each(error.place, error.line, decoded);
    }
}

/// A JSON text that starts at an offset of the piece: a response, or something with responses in it.
fn json(
    piece: &Piece,
    text: &[u8],
    offset: usize,
    is_input: bool,
    each: &mut impl FnMut(Place, u64, Decoded<'_>),
) {
    let start = piece.range.start + offset;
    let (place, line) = (piece.place, piece.line);
    match classify(text) {
        Item::Response => each(
            place,
            line,
            Decoded::Exchange {
                exchange: Exchange::of_body(text),
                within: Some(start..start + text.len()),
                recorded_as: "body".into(),
            },
        ),
        Item::Embedded(found) => {
            for embedded in found {
                let recorded_as = match embedded.path.as_str() {
                    "" => "body in a string".into(),
                    path => format!("body at {path}").into(),
                };
                let (body, within) = match &embedded.body {
                    Body::Within(range) => (
                        &text[range.clone()],
                        Some(start + range.start..start + range.end),
                    ),
                    Body::Unwrapped(body) => (body.as_slice(), None),
                };
                let exchange = Exchange {
                    status: embedded.status,
                    ..Exchange::of_body(body)
                };
                each(
                    place,
                    line,
                    Decoded::Exchange {
                        exchange,
                        within,
                        recorded_as,
                    },
                );
            }
        }
        Item::Foreign(names) if is_input => each(
            place,
            line,
            Decoded::Refused(format!(
                "this JSON is not a response of the task query; its members are {names}"
            )),
        ),
        Item::Foreign(_) => each(place, line, Decoded::Skipped(Skip::NotAResponse)),
    }
}

/// A line of text with JSON in it.
fn text(piece: &Piece, line: &[u8], each: &mut impl FnMut(Place, u64, Decoded<'_>)) {
    let mut is_found = false;
    for range in text_line::json(line) {
        let value = &line[range.clone()];
        let is_response = match classify(value) {
            Item::Response => value.starts_with(b"{") && value.len() > 2,
            Item::Embedded(_) => true,
            Item::Foreign(_) => false,
        };
        if is_response {
            is_found = true;
            json(piece, value, range.start, false, each);
        }
    }
    if !is_found {
        each(
            piece.place,
            piece.line,
            Decoded::Skipped(Skip::NotAResponse),
        );
    }
}

fn archive_entry(bytes: &[u8], each: impl FnOnce(Decoded<'_>)) {
    match har::read(bytes) {
        Ok(Outcome::Skipped(skip)) => each(Decoded::Skipped(skip)),
        Ok(Outcome::Response(recorded)) => each(Decoded::Exchange {
            exchange: Exchange {
                status: Some(recorded.status),
                time: recorded.time,
                body: &recorded.body,
                asked_for: recorded
                    .asked_for
                    .as_ref()
                    .map(seedance_query::TaskId::as_str),
            },
            within: None,
            recorded_as: "HAR entry".into(),
        }),
        Err(message) => each(Decoded::Unreadable(message)),
    }
}
