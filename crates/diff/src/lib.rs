//! What changes from one OpenAPI document to another, whom it breaks, and which version number it
//! is worth.
//!
//! ```text
//! two documents ──spec──▶ operations ──calls──▶ parameters, requests, responses ─┐
//!      3.0 or 3.1  │                    walk──▶ view, members, values, statuses  ├──▶ Diff
//!                  ├──notes──▶ what is not compared ─────────────────────────────┘
//!                  └──captures──▶ what the new one rejects
//! ```
//!
//! A document may say more than the generator understands. Bodies are compared place by place, not
//! schemas: a component that is renamed, or a field that moves into a shared part, is no change. Nor
//! are descriptions, examples, names of parameters in a path, `x-source` of a documented field and
//! `x-rust-type`.
//!
//! # Examples
//!
//! ```
//! use seedance_query::OPENAPI;
//! use seedance_diff::{Audience, ChangeKind, Impact, Semver, Spec, compare};
//!
//! let old = Spec::parse("old.yaml", OPENAPI)?;
//! let new = Spec::parse("new.yaml", &OPENAPI.replacen("minLength: 1", "minLength: 2", 1))?;
//! let diff = compare(&old, &new);
//! assert_eq!(diff.semver(), Semver::Major);
//! // Others are about the parameter in the path of each operation.
//! let mut changes = diff.changes().iter();
//! let change = changes.find(|change| change.pointer == "/data/task_id").ok_or("no change")?;
//! assert_eq!(change.kind, ChangeKind::MinLengthRaised);
//! assert_eq!(change.impact(), Impact::Breaking);
//! assert_eq!(change.breaks(), [Audience::Senders]); // and validators, but no reader
//! assert_eq!(change.concerns(), "every task");
//! assert_eq!(change.message, "the minimum length changed from 1 to 2");
//! assert!(change.new.as_ref().is_some_and(|place| place.file == "new.yaml"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod audience;
mod calls;
mod captures;
mod change;
mod change_kind;
mod change_log;
mod compare;
mod constraints;
mod difference;
mod discriminator;
mod field;
mod json_body;
mod members;
mod node;
mod notes;
mod object;
mod object_pairs;
mod operation;
mod parameters;
mod responses;
mod semver;
mod shape_conditions;
mod shapes;
mod spec;
mod statuses;
mod values;
mod version_note;
mod view;
mod walk;

pub use self::{
    audience::{Audience, Side},
    captures::{Affected, Captures},
    change::{Change, Location},
    change_kind::{ChangeKind, Impact},
    compare::compare,
    difference::{Diff, DiffNote},
    semver::Semver,
    spec::Spec,
};
pub use seedance_spec::Error as SpecError;
