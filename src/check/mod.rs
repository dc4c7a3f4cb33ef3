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

mod checked;
mod excerpt;
mod identity;
pub mod output;
mod session;
mod summary;

pub use self::{
    checked::{Checked, Unreadable},
    excerpt::{Excerpt, Snippet},
    output::Output,
    session::Session,
    summary::{
        Count, Drift, FieldCount, Life, Observed, RuleCount, Severities, Stale, Summary, ValueSet,
        Verdicts,
    },
};
