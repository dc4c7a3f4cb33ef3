//! Responses validated one after the other, filtered and counted.

mod accumulator;
mod baseline;
mod examiner;
mod filter;
mod kept;
mod rule_name;
mod session;
mod suggestion;

pub(crate) use self::examiner::{Examined, Examiner};
pub use self::{
    baseline::{Baseline, InvalidBaseline},
    filter::{Ignore, InvalidIgnore},
    rule_name::{UnknownRule, rule_of},
    session::Session,
};
