//! Single values of a part as they are stored.

use super::records::{AtRecord, PlaceRecord};
use seedance_query::model::{Place, Source};

pub(super) fn at(ordinal: u64, source: &Source) -> AtRecord {
    AtRecord {
        n: ordinal,
        place: place(source.place),
        line: source.line,
    }
}

pub(super) fn place(place: Place) -> PlaceRecord {
    match place {
        Place::Line(_) => PlaceRecord::Line,
        Place::Item(item) => PlaceRecord::Item(item),
        _ => PlaceRecord::Whole,
    }
}

pub(super) fn hash(hash: u64) -> String {
    format!("{hash:016x}")
}
