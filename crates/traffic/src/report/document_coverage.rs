//! How much of the document the traffic has exercised.

use schemars::JsonSchema;
use serde::Serialize;

use seedance_query::{model::Shape, validate::Rule};

/// How much of the document the traffic has exercised.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct DocumentCoverage {
    /// The documented fields of a task and its envelope.
    pub fields: Share,
    /// The documented values of fields that have a set of them.
    pub values: Share,
    /// The shapes, that of errors included.
    pub shapes: Share,
    /// The rules; one that finds nothing may have had nothing to look at.
    pub rules: Share,
}

/// A part of something that can be counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Share {
    /// How many occurred.
    pub seen: u64,
    /// How many there are.
    pub of: u64,
}

impl DocumentCoverage {
    /// The coverage by how often each field and each value occurred, and by the names of the shapes
    /// and the number of the rules that did.
    pub(crate) fn of<'a>(
        fields: impl Iterator<Item = u64>,
        values: impl Iterator<Item = u64>,
        shapes: impl Iterator<Item = &'a str>,
        rules: usize,
    ) -> Self {
        let is_shape = |name: &&str| Shape::ALL.iter().any(|shape| shape.name() == *name);
        Self {
            fields: Share::of(fields),
            values: Share::of(values),
            shapes: Share {
                seen: shapes.filter(is_shape).count() as u64,
                of: Shape::ALL.len() as u64,
            },
            rules: Share {
                seen: rules as u64,
                of: Rule::ALL.len() as u64,
            },
        }
    }
}

impl Share {
    fn of(counts: impl Iterator<Item = u64>) -> Self {
        counts.fold(Self::default(), |share, count| Self {
            seen: share.seen + u64::from(count > 0),
            of: share.of + 1,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Share;
    use crate::validation::Session;
    use seedance_query::{
        model::Source,
        validate::{Rule, coverage::FIELDS},
    };

    #[test]
    fn what_occurred_is_counted_once() {
        let mut session = Session::new();
        let none = session.summary().coverage;
        assert_eq!(
            (none.fields.seen, none.shapes.seen, none.rules.seen),
            (0, 0, 0)
        );
        let body = br#"{"code":"success","message":"","data":{"task_id":"t","status":"QUEUED","action":"remix"}}"#;
        for _ in 0..2 {
            session.validate(Source::whole("a"), None, None, body);
        }
        let coverage = session.summary().coverage;
        let share = |seen, of: usize| Share {
            seen,
            of: of as u64,
        };
        // `code`, `message`, `data` and three members of the task.
        assert_eq!(coverage.fields, share(6, FIELDS.len()));
        assert_eq!(coverage.shapes.seen, 1);
        // `success` and `QUEUED`; `remix` is not documented.
        assert_eq!(coverage.values.seen, 2);
        let rules = session.summary().rules.len() as u64;
        assert_eq!(coverage.rules, share(rules, Rule::ALL.len()));
    }
}
