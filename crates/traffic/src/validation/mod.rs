//! Responses validated one after the other, filtered and counted.

mod accumulator;
mod baseline;
mod by_input;
mod counts;
mod current;
mod distinct;
mod examiner;
mod filter;
mod hours;
mod kept;
mod part;
mod reported;
mod rule_name;
mod session;
mod suggestion;
#[cfg(test)]
mod suggestion_tests;
mod whole;

pub(crate) use self::examiner::{Examined, Examiner};
pub use self::{
    baseline::{Baseline, InvalidBaseline},
    filter::{Ignore, InvalidIgnore},
    part::{InvalidPart, PartMismatch, SummaryPart, part_schema},
    rule_name::{UnknownRule, rule_of},
    session::Session,
};
