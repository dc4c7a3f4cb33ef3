//! Responses inside JSON records and text: logs, exports of tools, cassettes, maps and lists.

mod classify;
mod documented_names;
mod encoded;
mod line_facts;
mod names;
mod place;
mod places;
mod search;
mod start;
mod surroundings;
mod text_line;
mod way;

pub(super) use self::names::{is_status as is_status_name, is_time as is_time_name};
pub(crate) use self::surroundings::time_of_text as time_of;
pub(super) use self::{
    classify::{Item, classify, is_about_a_task},
    line_facts::{line_facts, status_line},
    search::{Body, Embedded, Found},
    start::is_started_response,
    text_line::{LineJson, json},
};
pub use self::{
    place::{InvalidPlace, Place},
    places::Places,
};
