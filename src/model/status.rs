//! A documented value of the status, and what it means.

use super::shape::Shape;

/// A value of the discriminator; the table of them is generated from the spec.
#[derive(Debug)]
pub struct Status {
    /// The value as documented.
    pub value: &'static str,
    /// The shape of a task with this status.
    pub shape: Shape,
    /// Shapes that the status alone does not tell: each with members any one of which does.
    pub when_present: &'static [(Shape, &'static [&'static str])],
    /// Other words that mean this value, whatever their case.
    pub words: &'static [&'static str],
}
