//! What changes from one OpenAPI document of the task query to another, for clients that read its
//! responses.
//!
//! ```text
//! two documents ──spec──▶ two readings each ──compare──▶ the bodies side by side ─┐
//!                                │                         view, values, statuses ├──▶ Diff
//!                                │                         operation: the rest ─────┘
//!                                └──captures──▶ what the new one rejects
//! ```
//!
//! Bodies are compared place by place, not schemas: a component that is renamed, or a field that
//! moves into a shared part, is no change. Nor are descriptions, examples, `x-source` of a field
//! and `x-rust-type`, or what concerns requests alone.
//!
//! # Examples
//!
//! ```
//! use seedance_query::OPENAPI;
//! use seedance_diff::{Impact, ChangeKind, Spec, compare};
//!
//! let old = Spec::parse("old.yaml", OPENAPI)?;
//! let new = Spec::parse("new.yaml", &OPENAPI.replace("minLength: 1", "minLength: 2"))?;
//! let diff = compare(&old, &new);
//! let change = &diff.changes()[0];
//! assert_eq!(change.kind, ChangeKind::MinLengthRaised);
//! assert_eq!(change.impact(), Impact::Breaking);
//! assert_eq!(change.pointer, "/data/task_id");
//! assert_eq!(change.concerns(), "every task");
//! assert_eq!(change.message, "the minimum length changed from 1 to 2");
//! assert!(change.new.as_ref().is_some_and(|place| place.file == "new.yaml"));
//! # Ok::<(), seedance_diff::SpecError>(())
//! ```

mod bodies;
mod captures;
mod change;
mod change_kind;
mod change_log;
mod compare;
mod field;
mod object_pairs;
mod operation;
mod shape_conditions;
mod spec;
mod statuses;
mod values;
mod view;

pub use self::{
    captures::{Affected, Captures},
    change::{Change, Diff, Location},
    change_kind::{ChangeKind, Impact},
    compare::compare,
    spec::Spec,
};
pub use seedance_spec::Error as SpecError;
