//! Single values of a stored part, read and checked.

use super::{invalid::InvalidPart, records::PlaceRecord};
use crate::timeline::InputId;
use seedance_query::{model::Place, validate::Rule};

type Result<T> = std::result::Result<T, InvalidPart>;

pub(super) fn rule(id: &str) -> Result<Rule> {
    let unknown = |_| InvalidPart::damaged(&format!("`{id}` is not a rule"));
    id.parse().map_err(unknown)
}

pub(super) fn id(text: &str) -> Result<InputId> {
    let pairs: Option<Vec<u8>> = (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok())
        .collect();
    pairs
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| InvalidPart::damaged(&format!("`{text}` is not a SHA-256")))
}

pub(super) fn hash(text: &str) -> Result<u64> {
    u64::from_str_radix(text, 16)
        .map_err(|_| InvalidPart::damaged(&format!("`{text}` is not a hash")))
}

pub(super) fn place(place: PlaceRecord, line: u64) -> Place {
    match place {
        PlaceRecord::Whole => Place::Whole,
        PlaceRecord::Line => Place::Line(line),
        PlaceRecord::Item(item) => Place::Item(item),
    }
}
