//! Many responses: recorded traffic in, reports out.
//!
//! ```text
//! inputs ──input──▶ responses ──validate──▶ findings ──timeline──▶ findings across polls
//!                                              │
//!                       Output ◀──Checked──────┴──▶ Summary
//! ```
//!
//! A [`Session`] checks responses one after the other, as they come; whatever it is told ends up in
//! its [`Summary`]. An [`Output`] writes both in some format and knows no rule.

mod baseline;
mod checked;
mod examine;
mod excerpt;
mod exchanges;
mod filter;
mod input;
mod key;
pub mod output;
pub mod proxy;
mod run;
mod session;
mod spot;
mod suggest;
mod summary;
mod tally;
mod timeline;

pub use self::{
    baseline::{Baseline, InvalidBaseline},
    checked::{Checked, Unreadable},
    excerpt::{Excerpt, Snippet},
    exchanges::{Recorded, exchanges},
    filter::{Ignore, InvalidIgnore},
    output::Output,
    run::Check,
    session::Session,
    summary::{
        Count, Drift, FieldCount, Life, Observed, RuleCount, Severities, Stale, Summary, ValueSet,
        Verdicts,
    },
};
pub(crate) use self::{examine::unix_seconds, input::Compression};
